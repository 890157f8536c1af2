import urllib.request


def test_stack_serves_the_product_on_this_tests_database(stack, owner):
    with urllib.request.urlopen(f"{stack.url}healthz") as answer:
        assert answer.status == 200
    rows = owner.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND usename = 'stet_app'"
    ).fetchone()
    assert rows is not None
    assert rows[0] >= 1


def test_killed_worker_can_be_started_again(stack):
    fetch = stack.process("fetch")
    fetch.child.kill()
    fetch.child.wait()
    fetch.start()
    assert fetch.child.poll() is None
