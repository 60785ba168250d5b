-- Tables that take several small inserts a second. The engine counts each part as 5 MB larger than it is when it chooses
-- what to merge, so by default it merges the one part that holds everything again with every handful of new ones: at 300
-- calls per second 20 rows were written by merges for each that was inserted, and that was half of what the engine did. A
-- higher base makes it 5. Statistics of columns are not used by any of our queries, and cost as much as an insert itself.
ALTER TABLE requests
    MODIFY SETTING min_parts_to_merge_at_once = 8, merge_selector_base = 16, auto_statistics_types = '';

ALTER TABLE request_bodies
    MODIFY SETTING min_parts_to_merge_at_once = 8, merge_selector_base = 16, auto_statistics_types = '';

-- Read by key through all their parts, so they have fewer.
ALTER TABLE sessions
    MODIFY SETTING min_parts_to_merge_at_once = 8, merge_selector_base = 8, auto_statistics_types = '';

ALTER TABLE session_keys
    MODIFY SETTING min_parts_to_merge_at_once = 8, merge_selector_base = 8, auto_statistics_types = '';
