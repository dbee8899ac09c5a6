package io.keysetsync.parameters;

/**
 * The value of a parameter that names a setting.
 *
 * @param key names the setting in messages: its value may be a secret
 * @param text the setting's value, as it was given
 */
record SettingValue(String key, String text) {

    @Override
    public String toString() {
        return text;
    }
}
