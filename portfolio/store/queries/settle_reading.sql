-- Give a reading that was kept aside its account.
UPDATE reading SET account = $account WHERE id = $reading AND account IS NULL
