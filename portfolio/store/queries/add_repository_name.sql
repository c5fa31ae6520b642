-- Say how a repository is called and where it comes from.
INSERT INTO repository_name (
    repository, name, project, forge_path, is_github, is_shallow, recorded_at
)
VALUES (
    $repository, $name, $project, $forge_path, $is_github, $is_shallow,
    make_timestamp($recorded_us)::TIMESTAMPTZ
)
