package io.keysetsync.sync;

class MariaDbQuarantineTest extends QuarantineContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
