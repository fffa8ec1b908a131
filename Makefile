# The verbs of this project; `make help` lists them. Tools that a verb needs are installed into .local/tools.
PYTHON ?= python3
LOCAL = $(PYTHON) infra/local/dev.py
FUNCTIONS = graphql poller webhook reconciler admin
ARCHITECTURE ?= arm64
PARAMETERS ?=
SAM_ARGS ?=
export SAM_CLI_TELEMETRY = 0

.DEFAULT_GOAL = help
.PHONY: help dev dev-stop check test bench build vendors-check validate deploy

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## ?(.*)/  make \1\t\2/' | expand -t 18

dev: ## the whole service on this machine: PORT=3000, SIM_SPEED=1, DETACH=1 to return when ready
	@PORT=$(PORT) SIM_SPEED=$(SIM_SPEED) $(LOCAL) start $(if $(DETACH),--detach)

dev-stop: ## ends a detached local run, and what a killed one left behind
	@$(LOCAL) stop

check: ## formatting and lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

test: ## every test, unit to whole stories, in one run
	@$(PYTHON) infra/run-tests.py

bench: ## measured figures and their limits, release build: requests, sizes, memory, times, a simulated day
	@$(PYTHON) infra/bench/bench.py

build: ## release binaries and zips for Lambda in target/lambda (ARCHITECTURE=arm64 or x86_64)
	@$(LOCAL) install build graphiql
	rm -rf target/lambda # nothing of a local run may be deployed
	PATH="$(CURDIR)/.local/tools/build/bin:$$PATH" cargo lambda build --release --lambda-dir target/lambda \
	  $(if $(filter arm64,$(ARCHITECTURE)),--arm64,--x86-64) $(FUNCTIONS:%=--package %)
	$(PYTHON) infra/local/package.py $(FUNCTIONS)

vendors-check: ## one real job at each vendor whose key is in the environment; tells the price and asks (ONLY="bfl kling")
	cargo run -q -p vendors -- check $(ONLY)

validate: ## template.yaml against the linter of the SAM CLI
	@$(LOCAL) install sam
	AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-us-east-1} .local/tools/sam/bin/sam validate

deploy: build validate ## build, then `sam deploy` to your AWS account (asks first; PARAMETERS="Name=value ...")
	.local/tools/sam/bin/sam deploy --parameter-overrides Architecture=$(ARCHITECTURE) $(PARAMETERS) $(SAM_ARGS)
