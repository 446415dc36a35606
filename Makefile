# Every target is a script of the same name, for machines that have no make.
# `make test FILTER=Routing` and `make bench AREAS="server build"` hand their words on.

.PHONY: help run test test-tsan fuzz lint format bench
.DEFAULT_GOAL := help

help: ## Print this list
	@grep -E '^[a-z-]+: ## ' Makefile | sed 's/: ## /\t/' | while IFS="$$(printf '\t')" read -r name text; do \
		printf 'make %-9s %s\n' "$$name" "$$text"; done

run: ## Serve the example blog at http://127.0.0.1:8000/ (PORT, HOST)
	@Scripts/run

test: ## Run all tests, or those that match FILTER
	@Scripts/test $(if $(FILTER),'$(FILTER)')

test-tsan: ## Run the tests of server and workers under the thread sanitizer
	@Scripts/test-tsan

fuzz: ## Try the parsers, or only TARGET, on made-up inputs for SECONDS each
	@Scripts/fuzz $(or $(TARGET),all) $(or $(SECONDS),300)

lint: ## Check layout, floors and house rules
	@Scripts/lint

format: ## Lay out the Swift sources
	@Scripts/format

bench: ## Measure the areas server and build, or those in AREAS
	@Scripts/bench $(AREAS)
