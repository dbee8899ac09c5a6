"""Syncs the users with dlt. Arguments: URL of the API, URL of the database, "installed" or "tuned"."""

import sys

import dlt
from dlt.sources.helpers import requests

API, DATABASE, WAY = sys.argv[1:]


@dlt.resource(name="user", primary_key="id", write_disposition="merge")
def users(updated=dlt.sources.incremental("updatedAt", initial_value="0001-01-01T00:00:00Z")):
    params = {"updated_since": updated.last_value}
    while params:
        page = requests.get(API, params=params).json()
        yield page["data"]
        params = page["scroll_param"] and {"scroll_param": page["scroll_param"]}


if __name__ == "__main__":  # the workers import this file
    pipeline = dlt.pipeline("users", destination=dlt.destinations.postgres(DATABASE), dataset_name="peer")
    pipeline.run(users(), **({"loader_file_format": "csv"} if WAY == "tuned" else {})).raise_on_failed_jobs()
