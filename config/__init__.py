"""Settings, addresses, the Celery application and the embedded services."""
