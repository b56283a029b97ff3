package weir.launcher.cases;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import weir.config.Names;
import weir.config.Position;
import weir.config.Problems;
import weir.gateway.sampling.PolicyConfig;
import weir.gateway.sampling.TailSamplingConfig;
import weir.launcher.cases.CasesFile.Case;
import weir.launcher.cases.CasesFile.Expectation;
import weir.otlp.Signal;
import weir.pipeline.Components.Kind;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.pipeline.file.PipelineModel.Pipeline;

/** Finds what a file of cases names and its pipeline file does not have. */
final class NameChecks {
    private static final Set<String> TRUTHS = Set.of("true", "false");

    private final Problems problems;
    private final Source source;
    private final PipelineModel model;
    private final Set<String> exporters = new TreeSet<>();
    private final Set<String> droppers = new TreeSet<>();
    private final Set<String> keepers = new TreeSet<>();

    private NameChecks(Problems problems, Source source, PipelineModel model) {
        this.problems = problems;
        this.source = source;
        this.model = model;
        for (Pipeline pipeline : model.pipelines()) {
            pipeline.exporters().forEach(id -> (model.isConnector(id) ? droppers : exporters).add(id.toString()));
            pipeline.processors().stream()
                    .map(id -> model.find(Kind.PROCESSOR, id))
                    .filter(Objects::nonNull)
                    .filter(Predicate.not(Bench::isLeftOut))
                    .forEach(this::processor);
        }
    }

    private void processor(Configured<?> processor) {
        droppers.add(processor.id().toString());
        if (processor.config() instanceof TailSamplingConfig sampling) {
            for (PolicyConfig policy : sampling.policies()) {
                (policy.type().equals("drop") ? droppers : keepers).add(policy.name());
            }
        }
    }

    static void check(Problems problems, Source source, List<Case> cases, PipelineModel model) {
        NameChecks checks = new NameChecks(problems, source, model);
        for (int i = 0; i < cases.size(); i++) {
            checks.check(i, cases.get(i));
        }
    }

    private void check(int number, Case given) {
        enters(number, given);
        for (int i = 0; i < given.expect().size(); i++) {
            Expectation expectation = given.expect().get(i);
            name(expectation.dropped(), droppers, "component or policy that drops", number, "expect", i, "dropped");
            name(expectation.kept(), keepers, "policy that keeps", number, "expect", i, "kept");
            List<String> reaches = Objects.requireNonNullElse(expectation.reaches(), List.of());
            for (int r = 0; r < reaches.size(); r++) {
                name(reaches.get(r), exporters, "exporter", number, "expect", i, "reaches", r);
            }
        }
        for (int i = 0; i < given.makes().size(); i++) {
            name(given.makes().get(i).reaches(), exporters, "exporter", number, "makes", i, "reaches");
        }
    }

    private void enters(int number, Case given) {
        List<String> names = model.pipelines().stream().map(Pipeline::name).toList();
        String enters = given.enters();
        if (enters != null && !names.contains(enters)) {
            name(enters, names, "pipeline", number, "enters");
            return;
        }
        List<Signal> signals = new ArrayList<>();
        if (!given.spans().isEmpty()) {
            signals.add(Signal.TRACES);
        }
        if (!given.logs().isEmpty()) {
            signals.add(Signal.LOGS);
        }
        if (!given.metrics().isEmpty()) {
            signals.add(Signal.METRICS);
        }
        for (Signal signal : signals) {
            if (Trial.entries(model, given, signal).isEmpty()) {
                String what = enters == null
                        ? "no pipeline of " + signal.label() + " has a receiver"
                        : "the pipeline '" + enters + "' is none of " + signal.label();
                problems.error(
                        at(number, enters == null ? "name" : "enters"),
                        what,
                        Names.hint(
                                signal.label(),
                                model.pipelines().stream()
                                        .filter(p -> p.signal() == signal)
                                        .map(Pipeline::name)
                                        .toList()));
            }
        }
    }

    private void name(@Nullable String name, Collection<String> known, String what, int number, Object... path) {
        if (name != null && !known.contains(name) && !(TRUTHS.contains(name) && !what.equals("exporter"))) {
            problems.error(
                    at(number, path),
                    "there is no " + what + " '" + name + "' in " + model.name(),
                    Names.hint(name, known));
        }
    }

    private Position at(int number, Object... path) {
        List<Object> whole = new ArrayList<>(List.of("cases", number));
        whole.addAll(List.of(path));
        return source.at(whole.toArray());
    }
}
