"""A Singer tap for the users, with the Meltano SDK."""

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th


class Users(RESTStream):
    name = "user"
    path = ""
    primary_keys = ("id",)
    replication_key = "updatedAt"
    is_sorted = True
    records_jsonpath = "$.data[*]"
    next_page_token_jsonpath = "$.scroll_param"
    schema = th.PropertiesList(
        *(th.Property(name, th.StringType) for name in ("id", "name", "email", "address", "company", "job")),
        th.Property("updatedAt", th.DateTimeType),
        th.Property("createdAt", th.DateTimeType),
    ).to_dict()

    @property
    def url_base(self):
        return self.config["url"]

    def get_url_params(self, context, next_page_token):
        if next_page_token:
            return {"scroll_param": next_page_token}
        return {"updated_since": self.get_starting_replication_key_value(context) or "0001-01-01T00:00:00Z"}


class TapUsers(Tap):
    name = "tap-users"
    config_jsonschema = th.PropertiesList(th.Property("url", th.StringType, required=True)).to_dict()

    def discover_streams(self):
        return [Users(self)]


if __name__ == "__main__":
    TapUsers.cli()
