package io.keysetsync.sync;

class PostgreSqlRefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    void breakAt(int id) {
        jdbc.execute(
                """
                CREATE FUNCTION breaks() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  IF NEW.id = %d THEN RAISE EXCEPTION 'the disk is full' USING ERRCODE = '53100'; END IF;
                  RETURN NEW;
                END $$"""
                        .formatted(id));
        jdbc.execute("CREATE TRIGGER breaks BEFORE INSERT ON \"item\" FOR EACH ROW EXECUTE FUNCTION breaks()");
    }
}
