-- Say how large an item is thought to be.
INSERT INTO item_size (item, size, basis, predicted_usd, sized_at, recorded_at)
VALUES (
    $item, $size, $basis, $predicted_usd, make_timestamp($sized_us)::TIMESTAMPTZ,
    make_timestamp($recorded_us)::TIMESTAMPTZ
)
