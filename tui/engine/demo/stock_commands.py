"""The longer commands of the stock images, as their Dockerfiles have them, and how a history writes them down."""

from __future__ import annotations


def run(dockerfile: str) -> str:
    """A RUN instruction as BuildKit's history has it: one line, tabs and runs of blanks left in."""
    return f"RUN /bin/sh -c {one_line(dockerfile)} # buildkit"


def classic_run(dockerfile: str) -> str:
    """A RUN instruction as the classic builder's history has it."""
    return f"/bin/sh -c {one_line(dockerfile)}"


def one_line(dockerfile: str) -> str:
    """``dockerfile`` with its continued lines joined, as both builders do."""
    return dockerfile.strip().replace("\\\n", "")


PYTHON_CERTIFICATES = r"""
set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		ca-certificates \
		netbase \
		tzdata \
	; \
	rm -rf /var/lib/apt/lists/*
"""

PYTHON_BUILD = r"""
set -eux; \
		savedAptMark="$(apt-mark showmanual)"; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		dpkg-dev \
		gcc \
		gnupg \
		libbz2-dev \
		libffi-dev \
		make \
		zlib1g-dev \
	; \
		wget -O python.tar.xz \
		"https://www.python.org/ftp/python/${PYTHON_VERSION%%[a-z]*}/Python-$PYTHON_VERSION.tar.xz"; \
	echo "$PYTHON_SHA256 *python.tar.xz" | sha256sum -c -; \
	mkdir -p /usr/src/python; \
	tar --extract --directory /usr/src/python --strip-components=1 --file python.tar.xz; \
	rm python.tar.xz; \
		cd /usr/src/python; \
	./configure \
		--enable-loadable-sqlite-extensions \
		--enable-optimizations \
		--enable-shared \
		--with-lto \
	; \
	make -j "$(nproc)"; \
	make install; \
	cd /; \
	rm -rf /usr/src/python; \
	ldconfig; \
	apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false; \
	rm -rf /var/lib/apt/lists/*; \
	python3 --version
"""

PYTHON_LINKS = r"""
set -eux; \
	for src in idle3 pip3 pydoc3 python3; do \
		dst="$(echo "$src" | tr -d 3)"; \
		ln -svT "$src" "/usr/local/bin/$dst"; \
	done
"""

NODE_USER = r"""
groupadd --gid 1000 node \
  && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
"""

NODE_INSTALL = r"""
ARCH= && dpkgArch="$(dpkg --print-architecture)" \
  && case "${dpkgArch##*-}" in \
    amd64) ARCH='x64';; \
    arm64) ARCH='arm64';; \
    *) echo "unsupported architecture"; exit 1 ;; \
  esac \
  && set -ex \
  && curl -fsSLO --compressed \
    "https://nodejs.org/dist/v$NODE_VERSION/node-v$NODE_VERSION-linux-$ARCH.tar.xz" \
  && tar -xJf "node-v$NODE_VERSION-linux-$ARCH.tar.xz" -C /usr/local --strip-components=1 --no-same-owner \
  && ln -s /usr/local/bin/node /usr/local/bin/nodejs \
  && node --version
"""

YARN_INSTALL = r"""
set -ex \
  && mkdir -p /opt \
  && tar -xzf yarn-v$YARN_VERSION.tar.gz -C /opt/ \
  && ln -s /opt/yarn-v$YARN_VERSION/bin/yarn /usr/local/bin/yarn
"""

POSTGRES_USER = r"""
set -eux; \
	groupadd -r postgres --gid=999; \
	useradd -r -g postgres --uid=999 --home-dir=/var/lib/postgresql --shell=/bin/bash postgres; \
	install --verbose --directory --owner postgres --group postgres --mode 1777 /var/lib/postgresql
"""

POSTGRES_LOCALE = r"""
set -eux; \
	apt-get update; apt-get install -y --no-install-recommends locales; rm -rf /var/lib/apt/lists/*; \
	localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8
"""

POSTGRES_INSTALL = r"""
set -ex; \
		export PYTHONDONTWRITEBYTECODE=1; \
		dpkgArch="$(dpkg --print-architecture)"; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		"postgresql-$PG_MAJOR=$PG_VERSION" \
	; \
	rm -rf /var/lib/apt/lists/*; \
		postgres --version
"""

POSTGRES_FOLDERS = r"""
install --verbose --directory --owner postgres --group postgres --mode 1777 "$PGDATA"
"""

REDIS_USER = r"""
set -eux; \
	addgroup -S -g 1000 redis; \
	adduser -S -G redis -u 999 redis
"""

REDIS_INSTALL = r"""
set -eux; \
		apk add --no-cache --virtual .build-deps \
		gcc \
		linux-headers \
		make \
		musl-dev \
	; \
	make -C /usr/src/redis -j "$(nproc)" all; \
	make -C /usr/src/redis install; \
	apk del --no-network .build-deps; \
	redis-cli --version; \
	redis-server --version
"""

NGINX_INSTALL = r"""
set -x \
    && addgroup -g 101 -S nginx || true \
    && adduser -S -D -H -u 101 -h /var/cache/nginx -s /sbin/nologin -G nginx -g nginx nginx || true \
    && apk add --no-cache "nginx=$NGINX_VERSION-r1" \
    && ln -sf /dev/stdout /var/log/nginx/access.log \
    && nginx -v
"""

GO_DOWNLOADS = r"""
set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		ca-certificates \
		curl \
		git \
		wget \
	; \
	rm -rf /var/lib/apt/lists/*
"""

GO_COMPILERS = r"""
set -eux; \
	apt-get update; \
	apt-get install -y --no-install-recommends \
		g++ \
		gcc \
		libc6-dev \
		make \
		pkg-config \
	; \
	rm -rf /var/lib/apt/lists/*
"""

GO_PATH = r"""
mkdir -p "$GOPATH/src" "$GOPATH/bin" && chmod -R 1777 "$GOPATH"
"""

SHOP_NPM = r"""
--mount=type=cache,target=/root/.npm npm ci --omit=dev \
    && npm cache verify
"""

SHOP_PIP = r"""
pip install --no-cache-dir --require-hashes -r requirements.txt \
    && find /usr/local -name '*.pyc' -delete \
    && pip check
"""

TEAM_TOOLS = r"""
apt-get update \
    && apt-get install -y curl git jq \
    && rm -rf /var/lib/apt/lists/*
"""

SEARCH_TOOLS = r"""
apt-get update \
    && apt-get install -y --no-install-recommends build-essential cmake
"""

SEARCH_BUILD = r"""
useradd --system --uid 1001 --home-dir /opt/search search \
    && cmake -S /src -B /src/build -DCMAKE_INSTALL_PREFIX=/opt/search \
    && make -C /src/build -j "$(nproc)" install \
    && apt-get purge -y --auto-remove build-essential cmake \
    && rm -rf /src /var/lib/apt/lists/*
"""

SEARCH_SETTINGS = r"""
rm -rf /etc/search/conf.d && mkdir /etc/search/conf.d \
    && echo "the a an of in on at by for" > /etc/search/conf.d/10-stopwords.conf
"""

SEARCH_OWNER = "chown -R search:search /opt/search"
