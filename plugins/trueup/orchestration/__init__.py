"""What the DAG files share: what DAGs are made of, their steps, and what they tell people.

The only room that imports Airflow. A run's *day* is its partition key, YYYY-MM-DD: the
newest whole day of the reporting zone the run lands or builds, which is the day before the
scheduled run. Runs started without a partition key name it in their conf: `{"day": "2026-09-15"}`.
"""
