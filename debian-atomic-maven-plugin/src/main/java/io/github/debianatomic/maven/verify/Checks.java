package io.github.debianatomic.maven.verify;

import java.util.List;
import java.util.stream.Stream;

/** All checks, in the order in which they are listed and run. */
public final class Checks {

    /** Each name once. */
    public static final List<Check> ALL = Stream.of(
                    ArchiveChecks.ALL, ControlChecks.ALL, DocumentationChecks.ALL, PlacementChecks.ALL, ConffileChecks.ALL,
                    ProgramChecks.ALL, UnitChecks.ALL, ScriptChecks.ALL, PresetChecks.ALL, TmpfilesChecks.ALL, SysusersChecks.ALL,
                    KargsChecks.ALL, ImageChecks.ALL, BusChecks.ALL)
            .flatMap(List::stream)
            .toList();

    /** Their names. */
    public static final List<String> NAMES = ALL.stream().map(Check::name).toList();

    private Checks() {}
}
