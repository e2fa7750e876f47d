package io.github.debianatomic.maven.build;

import io.github.debianatomic.maven.compress.Compressor;
import java.nio.file.Path;

/**
 * Where and how a deb is written. Its text is recorded as the deb's input, like {@link BuildRequest}'s.
 *
 * @param directory of the deb
 * @param staging the directory of staging trees and records
 * @param compressor of the deb
 * @param execution what else than the package tells this build from another of the project
 */
public record Output(Path directory, Path staging, Compressor compressor, String execution) {}
