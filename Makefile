# Every target is a script of the same name, for machines that have no make.
# `make test FILTER=Routing` and `make bench AREAS="server build"` hand their words on.

.PHONY: help run test lint format bench
.DEFAULT_GOAL := help

help: ## Print this list
	@grep -E '^[a-z]+: ## ' Makefile | sed 's/: ## /\t/' | while IFS="$$(printf '\t')" read -r name text; do \
		printf 'make %-8s %s\n' "$$name" "$$text"; done

run: ## Serve the example blog at http://127.0.0.1:8000/ (PORT, HOST)
	@Scripts/run

test: ## Run all tests, or those that match FILTER
	@Scripts/test $(if $(FILTER),'$(FILTER)')

lint: ## Check layout, floors and house rules
	@Scripts/lint

format: ## Lay out the Swift sources
	@Scripts/format

bench: ## Measure the areas server and build, or those in AREAS
	@Scripts/bench $(AREAS)
