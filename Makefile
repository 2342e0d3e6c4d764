# Targets with one line each; `make` prints them.
SHELL := /bin/sh
BIN := node_modules/.bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
PACKAGES := bubblewrap git util-linux python3 openssl procps curl openssh-client
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: help install system test-system build demo test check check-full bench clean format

help: ## print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 16

node_modules/.stamp: package.json package-lock.json
# Not `npm ci`: it refuses where a registry mirror lacks the optional binaries of other platforms. Versions are exact.
	npm install --no-save
	npm rebuild node @anthropic-ai/claude-code claude-code-2.1.197 --ignore-scripts=false
	@touch $@

system:
	@missing=""; for p in bwrap git setpriv python3 openssl ps curl ssh-keygen; do command -v $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then echo "installing what is missing:$$missing"; \
	$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; fi

install: system node_modules/.stamp ## install the dependencies (npm, and apt for bubblewrap)

dist/cli.js: node_modules/.stamp $(shell find src scripts -name '*.ts' -o -name '*.yaml')
	node scripts/build.ts

build: install dist/cli.js ## bundle the program into dist/

demo: build ## a planted attack, bare and under Sallyport, and the change's way to the merge
	node scripts/demo.ts

# Used by tests only: a browser for the approval page. A runner may have Chrome.
test-system:
	@if ! command -v chromium >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then \
	echo "installing what the tests use: chromium"; \
	$(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq --no-install-recommends chromium >/dev/null; fi

test: build test-system ## all tests (unit, attack and end-to-end)
	node scripts/run-tests.ts

check: install ## types, lint, layers, docs in step with the code
	tsc --noEmit
	biome check .
	node scripts/check-layers.ts
	node scripts/generate-docs.ts --check

check-full: build test-system ## the long checks, part by part, for hours; PARTS="policy faults" runs some of them
	node scripts/check-full.ts $(PARTS)

bench: build ## measure; prints figures and ratios against named peers
	node scripts/run-benches.ts

format: install ## format and apply safe lint fixes
	biome check --write .

clean: ## remove what the build made
	rm -rf dist node_modules/.stamp
