# One image for web, worker, beat and migrate; docker-compose.yml says which is which.

FROM python:3.13-slim-bookworm AS packages
ENV PYTHONUNBUFFERED=1 UV_PYTHON_DOWNLOADS=never UV_NO_CACHE=1 PATH="/app/.venv/bin:$PATH"
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --extra pdf

# Node is needed to build the stylesheet, and never again.
FROM packages AS static
RUN uv sync --frozen --extra pdf --extra assets
COPY . .
RUN python -m config.assets && python manage.py collectstatic --no-input

FROM packages
RUN apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home throughline && install -d -o throughline /var/lib/throughline
COPY . .
COPY --from=static /app/staticfiles staticfiles
RUN python -m compileall -q backlog config research sprints teams
USER 10001
ENV WEB_BIND=0.0.0.0:8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-m", "config.probe", "/health/ready"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
