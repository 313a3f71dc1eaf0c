# Debian-based on purpose: google-re2 has no musl wheel.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
WORKDIR /src
COPY requirements/runtime.lock requirements/build.lock requirements/
RUN python -m venv /opt/build && /opt/build/bin/pip install --quiet --require-hashes -r requirements/build.lock
RUN python -m venv /opt/syncd && /opt/syncd/bin/pip install --quiet --require-hashes -r requirements/runtime.lock
COPY . .
RUN /opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/syncd/bin/pip install --quiet --no-deps /wheels/*.whl

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/syncd /opt/syncd
RUN useradd --uid 10001 --no-create-home --home-dir /srv/syncd --shell /usr/sbin/nologin syncd \
 && install -d -o syncd -g syncd /srv/syncd /srv/syncd/var
ENV PATH=/opt/syncd/bin:$PATH PYTHONUNBUFFERED=1
USER syncd
# Mount the configuration at /srv/syncd/config; without one, the default that ships with syncd is read.
# The store's default, sqlite:///var/syncd.db, lies in the volume.
WORKDIR /srv/syncd
VOLUME ["/srv/syncd/var"]
ENTRYPOINT ["syncd"]
CMD ["run"]
