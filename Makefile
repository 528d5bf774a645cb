# The commands of development. `make` without a target lists them.

LOCAL := .local
BIN := $(LOCAL)/bin
# Arguments of the command: make reconcile ARGS=--dry-run
ARGS ?=
# The name of a new migration: make generate NAME=add_photos
NAME ?= change

# The race detector needs a C compiler; without one the tests run without it.
RACE := $(shell command -v "$$(go env CC)" >/dev/null 2>&1 && echo -race)

# npm's own records of what it has installed.
INSTALLED := web/node_modules/.package-lock.json
AUDITS := graph/transport/audit/node_modules/.package-lock.json

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: ## Run the API with all its services on this machine until Ctrl-C.
	@go build -o $(BIN)/local ./infra/local/run
	@exec $(BIN)/local

.PHONY: seed
seed: ## Fill the services of `make run` with example data.
	@go run ./infra/seed

.PHONY: reconcile
reconcile: ## Repair the permissions of `make run` from the database; ARGS=--dry-run only compares.
	@test -f $(LOCAL)/env || { echo "There are no local services: start them with make run in another terminal."; exit 1; }
	@. ./$(LOCAL)/env && go run . reconcile $(ARGS)

# What runs the tests, shows those that fail, and ends with a line for each ring.
REPORT := go run ./e2e/report
# The stories come alone: they keep two processors busy, and some of them measure what a request takes.
STORIES = ./e2e
OTHERS = $(shell go list ./... | grep -vE '/e2e(/cluster)?$$')
# The cluster comes alone too: it fails if mutations fail for too long.
CLUSTER = ./e2e/cluster
TEST = test -json -count=1
TEST_GO = $(TEST) $(RACE) -timeout 40m $(STORIES) -- $(TEST) $(RACE) -timeout 15m $(CLUSTER) -- $(TEST) $(RACE) -timeout 40m $(OTHERS) -- -C infra/deployment $(TEST) -timeout 10m ./...
# The tests of the pages, if they can run here.
PAGES := $(shell command -v node >/dev/null && for c in chromium-headless-shell chromium chromium-browser google-chrome; do command -v $$c >/dev/null && echo yes && break; done)

.PHONY: test
test: $(if $(PAGES),$(INSTALLED) $(AUDITS)) ## Run all tests, against a real Postgres, Kratos and Keto; those of the pages if they can run here.
	@test -n "$(RACE)" || echo "No C compiler found: testing without the race detector."
	@test -n "$(PAGES)" || echo "NOT RUN: the tests of the pages. They need Node and Chromium."
	@$(REPORT) $(TEST_GO) $(if $(PAGES),-- run ./e2e/browser -json)

.PHONY: test-go
test-go: ## Run the tests that need Go alone.
	@test -n "$(RACE)" || echo "No C compiler found: testing without the race detector."
	@$(REPORT) $(TEST_GO)

# The packages whose tests need nothing but Postgres.
FAST = $(shell go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | grep -vE '/(e2e|infra|bench)(/|$$)')

.PHONY: test-fast
test-fast: ## Run the tests that need no Kratos and no Keto, without the race detector.
	@$(REPORT) test -json -timeout 5m $(FAST)

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --ignore-scripts --loglevel=error

.PHONY: packages
packages: $(INSTALLED) $(AUDITS) ## Install the packages of Node that the other targets need.

# The data of towns that package gazetteer is made of.
GAZETTEER := internal/platform/gazetteer
TOWNS := $(GAZETTEER)/build/node_modules/.package-lock.json

.PHONY: places
places: $(TOWNS) ## Make the file of towns anew. Needs Node.
	go run ./$(GAZETTEER)/build $(GAZETTEER)/build/node_modules $(GAZETTEER)/places.tsv.gz

.PHONY: places-check
places-check: places ## Fail if the committed file of towns is not that of its sources.
	@test -z "$$(git status --porcelain -- $(GAZETTEER)/places.tsv.gz)" || \
		{ echo "The file of towns is stale: run make places and commit the result."; exit 1; }

.PHONY: dev
dev: $(if $(shell command -v node),$(INSTALLED)) ## Like make run, and follow every change of the sources; of the pages if there is Node.
	@go build -o $(BIN)/local ./infra/local/run
	@exec $(BIN)/local -dev

.PHONY: test-web
test-web: $(INSTALLED) ## Test the pages in a headless Chromium. Needs Node.
	@$(REPORT) run ./e2e/browser -json

.PHONY: screens
screens: $(INSTALLED) ## Make the pictures of docs/web.md anew. Needs Node.
	go run ./e2e/browser test/screens.ts

.PHONY: web
web: $(INSTALLED) ## Build the pages and the playground from web. Needs Node.
	cd web && npm run build && npm run build:playground

# What make web writes.
BUILT := web/dist web/dist-playground web/operations.json web/src/api

.PHONY: web-check
web-check: web ## Fail if the committed pages are not those of the sources.
	@test -z "$$(git status --porcelain -- $(BUILT))" || \
		{ git status --short -- $(BUILT); echo "The built pages are stale: run make web and commit the result."; exit 1; }

.PHONY: chaos
chaos: ## Run the chaos tests for longer than make test does; CATFOSTER_CHAOS_SEED=n repeats a seed.
	CATFOSTER_CHAOS_MUTATIONS=$${CATFOSTER_CHAOS_MUTATIONS:-5000} CATFOSTER_CHAOS_MAILS=$${CATFOSTER_CHAOS_MAILS:-2000} go test $(RACE) -count=1 -timeout 20m -v -run '^TestChaos_' ./e2e

.PHONY: cluster
cluster: ## Run three servers, a primary with two standbys, and two of Kratos and Keto; ARGS="-faults -for=10m -seed=n" disturbs them.
	@go run ./e2e/cluster $(ARGS)

# How long make fuzz looks for inputs that break something, for each target.
FUZZTIME ?= 60s

.PHONY: fuzz
fuzz: ## Send made-up inputs to all that reads what others write; FUZZTIME=10m looks longer. What breaks something is kept in testdata/fuzz.
	@grep -rlE '^func Fuzz' --include='*_test.go' graph internal webhooks | xargs -n1 dirname | sort -u | while read -r package; do \
		for target in $$(grep -ohE '^func Fuzz[A-Za-z]+' $$package/*_test.go | cut -c6-); do \
			go test ./$$package -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -parallel 1 || exit 1; \
		done; \
	done

.PHONY: hostile
hostile: ## Send the hostile requests to a server, and print what each takes.
	CATFOSTER_MOST_CPU=50ms go test ./e2e -count=1 -timeout 10m -v -run '^TestHostile'

.PHONY: bench
bench: ## Measure the API under load as ratios to a bare handler, Kratos and Keto; ARGS=-only=list measures only those.
	@go run ./bench/load $(ARGS)

.PHONY: bench-size
bench-size: ## Compare all pages and searches in a small and a large community: a million cats; ARGS="-only=near" measures only those.
	@go run ./bench/size $(ARGS)

.PHONY: bench-reconcile
bench-reconcile: ## Measure reconcile, of 100,000 cats that differ and that do not; CATFOSTER_RECONCILE_CATS=n takes others.
	CATFOSTER_RECONCILE_CATS=$${CATFOSTER_RECONCILE_CATS:-100000} go test -count=1 -timeout 60m -v -run '^TestReconcile_ManyCats$$' ./e2e

.PHONY: bench-photos
bench-photos: ## Measure time and memory of making photos.
	@go test ./internal/domain/photo -run '^$$' -bench . -benchtime 3x

.PHONY: generate
generate: ## Regenerate code, and write a migration if the tables changed.
	go run ./ent/gen
	go run ./graph/gen
	go run ./internal/platform/config/gen
	go run ./internal/domain/limits/gen
	go -C infra/deployment mod tidy
	go run ./ent/migrate/diff $(NAME)

# Where generated files are.
GENERATED := ent graph .env.example web/src/api/limits.ts infra/deployment/go.mod infra/deployment/go.sum

.PHONY: generate-check
generate-check: generate ## Fail if generated code or a migration is missing or stale.
	@test -z "$$(git status --porcelain -- $(GENERATED))" || \
		{ git status --short -- $(GENERATED); git --no-pager diff -- $(GENERATED) | head -100; \
		echo "Generated code is stale: run make generate and commit the result."; exit 1; }

.PHONY: lint
lint: ## Check the style of the code.
	go tool -modfile=tools/go.mod golangci-lint run
	cd infra/deployment && go tool -modfile=../../tools/go.mod golangci-lint run

.PHONY: audit
audit: $(AUDITS) ## Check the endpoint with the official audits of GraphQL over HTTP. It needs Node.
	@go run ./graph/transport/audit

.PHONY: vulncheck
vulncheck: ## Look for known vulnerabilities in what the program calls.
	@output=$$(go tool -modfile=tools/go.mod govulncheck ./... 2>&1); status=$$?; echo "$$output"; \
	case "$$output" in *"fetching vulnerabilities"*) \
		echo "SKIPPED: the database of vulnerabilities cannot be reached. Nothing was checked."; exit 0;; \
	esac; exit $$status

# The version of a release: make release VERSION=v1.2.3
VERSION ?= $(shell git describe --tags --always --dirty)

.PHONY: release
release: ## Build the archives of a release, with checksums and bills of materials, in dist.
	rm -rf dist
	go run ./infra/release -version "$(VERSION)"

.PHONY: clean
clean: ## Remove the local stack with its data, logs and compiled servers.
	rm -rf $(LOCAL)
