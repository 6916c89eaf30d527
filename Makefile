# The words to type. `make` alone lists them.

SWIFT ?= swift
REPRISE = .build/release/reprise
# Where `make bench` sends its load; empty: a practice server, started beside it.
TARGET ?=

.DEFAULT_GOAL := help
.PHONY: help demo build release test needs lint format bench docs clean

help: ## Lists these words.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: release ## Runs 2,000 visitors against the practice server, for about half a minute; results go to results/.
	$(REPRISE) run scenarios/leflux.yaml --clients 2000

build: ## Builds everything for debugging, tests included.
	$(SWIFT) build --build-tests

release: ## Builds the command line for use: .build/release/reprise.
	$(SWIFT) build --configuration release --product reprise

# Those that run whole loads one by one: they measure times, which other tests beside them would lengthen.
test: needs ## Installs what the tests need, and runs them.
	$(SWIFT) test --skip '^Interop\.|EndToEndTests'
	$(SWIFT) test --skip-build --no-parallel --filter '^Interop\.|EndToEndTests'

needs: ## Installs what the tests need beside Swift: Python packages, servers, a browser.
	@scripts/install-test-needs.sh

lint: ## Says where the sources are not as the formatter would write them.
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format: ## Formats the sources.
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests

bench: release ## Measures acknowledgements with 100 and 1,000 clients; TARGET=URL for another server than our own.
	$(REPRISE) run Benchmarks/scenarios/socketio-ack.yaml --clients 100 $(if $(TARGET),--target $(TARGET))
	$(REPRISE) run Benchmarks/scenarios/socketio-ack.yaml --clients 1000 $(if $(TARGET),--target $(TARGET))

docs: ## Builds the documentation of the modules: .build/docs.
	@scripts/build-docs.sh

clean: ## Removes what was built and installed here; results stay.
	rm -rf .build .venv .venv-flock .cache
