# One image for web, workers, beat and migrations; compose.yaml says which is which.
FROM python:3.13-slim AS packages
WORKDIR /stet
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /stet stet \
    && install -d -o stet -g stet /state
COPY --from=packages /venv /venv
WORKDIR /stet
COPY manage.py Procfile ./
COPY claims claims
COPY config config
COPY verifier verifier
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    STATE_DIR=/state \
    STATIC_ROOT=/stet/static
# The key of the build is for this one command and stays in no layer.
RUN SECRET_KEY=only-for-this-command DEBUG=0 python manage.py collectstatic --noinput
USER stet
EXPOSE 8000
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
