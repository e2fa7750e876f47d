package io.github.debianatomic.maven.verify;

import java.util.ArrayList;
import java.util.List;

/** A line's words as systemd splits them: quotes hold blanks, a backslash the next character. */
final class Words {

    private Words() {}

    // by hand: Java's regular expressions need a stack as deep as a hostile line is long
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean blank = quote == 0 && Character.isWhitespace(c);
            if (blank && word != null) {
                words.add(word.toString());
                word = null;
            } else if (!blank) {
                word = word == null ? new StringBuilder() : word;
                if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (c == quote) {
                    quote = 0;
                } else if (c == '\\' && i + 1 < line.length()) {
                    word.append(line.charAt(++i));
                } else {
                    word.append(c);
                }
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
