package io.github.debianatomic.maven;

import java.util.Collection;
import java.util.Comparator;
import java.util.TreeSet;

/** The end of a message about an unknown name. */
public final class NearestName {

    private NearestName() {}

    /**
     * @param name the unknown one
     * @param known those that there are
     * @return the end of the message: the nearest, and all of them
     */
    public static String of(String name, Collection<String> known) {
        String best = known.stream().min(Comparator.comparingInt(candidate -> distance(name, candidate))).orElse("");
        return "; did you mean '" + best + "'? Expected one of " + String.join(", ", new TreeSet<>(known));
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
