# Everything is done by ./dev, which also works where make is not installed.
VERBS = run test journeys check bench faults shots demo reset lock clean

.PHONY: $(VERBS)
$(VERBS):
	@./dev $@
