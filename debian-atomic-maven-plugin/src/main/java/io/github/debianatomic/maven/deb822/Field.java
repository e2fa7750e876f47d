package io.github.debianatomic.maven.deb822;

/**
 * One field of a paragraph.
 *
 * @param name as it is spelt in the file
 * @param value its value; continuation lines follow after a line feed and one blank
 * @param line the line its name stands in, from 1
 */
public record Field(String name, String value, int line) {}
