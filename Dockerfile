# `app` runs every Airflow service; `sandbox` adds the demo's vendors.
# The base needs Python 3.11 to 3.13 with venv; give another with --build-arg BASE=...
ARG BASE=python:3.11-slim

FROM ${BASE} AS app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    GX_ANALYTICS_ENABLED=false \
    DO_NOT_TRACK=1
RUN python3 -m venv /opt/venv
WORKDIR /opt/trueup
COPY requirements.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml company.yml ./
COPY plugins ./plugins
COPY dags ./dags
COPY dbt_project ./dbt_project
COPY expectations ./expectations
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && useradd --create-home --uid 10001 trueup \
    && install -d -m 0700 -o trueup -g trueup /var/lib/trueup
ENV TRUEUP_PROJECT=/opt/trueup \
    TRUEUP_HOME=/var/lib/trueup \
    TRUEUP_COMPANY=/opt/trueup/company.yml \
    AIRFLOW_HOME=/var/lib/trueup/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/trueup/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/trueup/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False
VOLUME /var/lib/trueup
USER trueup

FROM app AS sandbox
USER root
COPY requirements-test.lock ./
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements-test.lock
COPY tests/sandbox ./tests/sandbox
ENV PYTHONPATH=/opt/trueup/tests
USER trueup

# Built where no target is named.
FROM app
