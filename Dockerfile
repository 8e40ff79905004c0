# One image for web, worker, beat and migrate; the argument says which (see ats/engine/start.py).
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DOCUMENTS_DIR=/var/lib/rapport/documents

# Made here, so that a fresh volume mounted on it belongs to the user too.
RUN useradd --system --uid 10001 --home-dir /var/lib/rapport --create-home rapport \
    && install --directory --owner=rapport --mode=0700 /var/lib/rapport/documents

WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . ./

# Collecting reads the settings, but none of these values ends up in a file.
RUN SECRET_KEY=unused SITE_URL=https://unused.example DATABASE_URL=postgres://unused/unused \
    REDIS_URL=redis://unused DEFAULT_FROM_EMAIL=unused@example.com \
    python manage.py collectstatic --noinput

USER rapport
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-m", "ats.engine.probe", "web"]
ENTRYPOINT ["python", "-m", "ats.engine.start"]
CMD ["web"]
