package io.github.debianatomic.maven.verify;

import io.github.debianatomic.maven.verify.Check.Flaw;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** D-Bus policy and activation, dbus-daemon(1), and polkit's actions, polkit(8). */
final class BusChecks {

    private static final Pattern POLICIES = Pattern.compile("/usr/share/dbus-1/(system|session)\\.d/[^/]+\\.conf");

    private static final Pattern SERVICES = Pattern.compile("/usr/share/dbus-1/system-services/[^/]+\\.service");

    private static final Pattern ACTIONS = Pattern.compile("/usr/share/polkit-1/actions/[^/]+\\.policy");

    static final List<Check> ALL = List.of(
            Check.error("dbus-policy", "D-Bus policies have the elements and attributes of dbus-daemon(1)", deb -> xml(
                    deb, POLICIES, "busconfig", BusChecks::policy)),
            Check.warning("dbus-policy-destination", "rules about messages say for which service they are", deb -> xml(
                    deb, POLICIES, "busconfig", BusChecks::destination)),
            Check.error("dbus-service", "a service of the bus has its file's name, a program, an owner and its unit", BusChecks::services),
            Check.error("polkit", "polkit's actions have a description, a message and defaults", deb -> xml(
                    deb, ACTIONS, "policyconfig", BusChecks::actions)),
            Check.warning("polkit-allowed", "no action is anybody's without a question", deb -> xml(
                    deb, ACTIONS, "policyconfig", BusChecks::allowed)));

    private static final Set<String> RULE_ATTRIBUTES = Set.of(
            "send_interface", "send_member", "send_error", "send_broadcast", "send_destination", "send_destination_prefix", "send_type",
            "send_path", "receive_interface", "receive_member", "receive_error", "receive_sender", "receive_type", "receive_path",
            "send_requested_reply", "receive_requested_reply", "eavesdrop", "own", "own_prefix", "user", "group", "min_fds", "max_fds", "log");

    private static final Set<String> ANSWERS =
            Set.of("no", "yes", "auth_self", "auth_admin", "auth_self_keep", "auth_admin_keep");

    private static final Set<String> DEFAULTS = Set.of("allow_any", "allow_inactive", "allow_active");

    private BusChecks() {}

    private interface Reading {
        List<String> flaws(Element root);
    }

    private static Stream<Flaw> xml(ReadDeb deb, Pattern files, String root, Reading reading) {
        return deb.texts(files).flatMap(path -> {
            try {
                Element element = parse(deb.text(path)).getDocumentElement();
                return (element.getTagName().equals(root)
                                ? reading.flaws(element)
                                : List.of("has the root element " + element.getTagName() + "; expected " + root))
                        .stream()
                        .map(why -> new Flaw(path, why));
            } catch (SAXException e) {
                return Stream.of(new Flaw(path, "is no well-formed XML: " + e.getMessage()));
            }
        });
    }

    private static Document parse(String text) throws SAXException {
        if (text.contains("<!ENTITY")) {
            throw new SAXException("entities are declared, which neither program needs; delete them");
        }
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler()); // the builder's own prints
            return builder.parse(new InputSource(new StringReader(text)));
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("every JDK parses XML from memory", e);
        }
    }

    private static List<Element> elements(Element parent, String name) {
        List<Element> elements = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<String> attributes(Element element) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            names.add(element.getAttributes().item(i).getNodeName());
        }
        return names;
    }

    private static List<Element> rules(Element root) {
        return Stream.of("allow", "deny").flatMap(name -> elements(root, name).stream()).toList();
    }

    // ---- D-Bus

    private static List<String> policy(Element root) {
        List<String> flaws = new ArrayList<>();
        for (Element policy : elements(root, "policy")) {
            long whom = Stream.of("context", "user", "group", "at_console").filter(policy::hasAttribute).count();
            if (whom != 1 || attributes(policy).size() != 1) {
                flaws.add("has a policy with " + attributes(policy) + "; expected one of context, user, group");
            }
            if (policy.hasAttribute("context") && !Set.of("default", "mandatory").contains(policy.getAttribute("context"))) {
                flaws.add("has a policy of context " + policy.getAttribute("context") + "; expected default or mandatory");
            }
        }
        for (Element rule : rules(root)) {
            List<String> unknown = attributes(rule).stream().filter(name -> !RULE_ATTRIBUTES.contains(name)).toList();
            if (attributes(rule).isEmpty() || !unknown.isEmpty()) {
                flaws.add("has <" + rule.getTagName() + "> with " + (unknown.isEmpty() ? "no attribute" : unknown)
                        + ", at which the bus refuses the file");
            }
            boolean anybody = rule.getParentNode() instanceof Element policy && policy.getAttribute("context").equals("default");
            if (rule.getTagName().equals("allow") && anybody && (rule.hasAttribute("own") || rule.hasAttribute("own_prefix"))) {
                flaws.add("lets anybody own " + rule.getAttribute("own") + rule.getAttribute("own_prefix") + ", and so answer in its name; say <policy user=\"...\">");
            }
        }
        return flaws;
    }

    private static List<String> destination(Element root) {
        return rules(root).stream()
                .filter(rule -> attributes(rule).stream().anyMatch(name -> name.matches("send_(interface|member|path|type)")))
                .filter(rule -> !rule.hasAttribute("send_destination") && !rule.hasAttribute("send_destination_prefix"))
                .map(rule -> "has <" + rule.getTagName() + "> with " + attributes(rule)
                        + ", which holds for messages to every service; add send_destination")
                .toList();
    }

    private static Stream<Flaw> services(ReadDeb deb, List<ReadDeb> others) {
        return deb.texts(SERVICES).flatMap(path -> {
            Map<String, String> keys = new LinkedHashMap<>();
            deb.text(path).lines().filter(line -> line.matches("[A-Za-z]+\\s*=.*")).forEach(line ->
                    keys.put(line.substring(0, line.indexOf('=')).strip(), line.substring(line.indexOf('=') + 1).strip()));
            String file = path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.service$", "");
            List<String> flaws = new ArrayList<>();
            if (deb.text(path).lines().noneMatch(line -> line.strip().equals("[D-BUS Service]"))) {
                flaws.add("has no section [D-BUS Service]");
            }
            if (!file.equals(keys.get("Name"))) {
                flaws.add("has Name=" + keys.get("Name") + "; expected the name of the file, " + file);
            }
            if (!keys.getOrDefault("Exec", "").startsWith("/")) {
                flaws.add("has no Exec= with an absolute path; write Exec=/bin/false where systemd alone starts it");
            }
            if (keys.getOrDefault("User", "").isEmpty()) {
                flaws.add("has no User=, without which the system bus starts nothing");
            }
            String unit = keys.get("SystemdService");
            if (unit != null && Stream.concat(Stream.of(deb), others.stream()).noneMatch(other -> isUnit(other, unit))) {
                flaws.add("has SystemdService=" + unit + ", which no package of this build has");
            }
            if (deb.texts(POLICIES).noneMatch(policy -> owns(deb.text(policy), file))) {
                flaws.add("has no policy in system.d that lets somebody own " + file + "; add <policy user=\"...\"><allow own=\"" + file + "\"/></policy>");
            }
            return flaws.stream().map(why -> new Flaw(path, why));
        });
    }

    private static boolean isUnit(ReadDeb deb, String unit) {
        return UnitFile.units(deb).stream().anyMatch(file -> file.name().equals(unit) || file.words("Install", "Alias").anyMatch(unit::equals))
                || deb.paths().containsKey("/usr/lib/systemd/system/" + unit); // a link, or an instance
    }

    private static boolean owns(String policy, String name) {
        try {
            return rules(parse(policy).getDocumentElement()).stream()
                    .anyMatch(rule -> rule.getTagName().equals("allow")
                            && (rule.getAttribute("own").equals(name)
                                    || rule.hasAttribute("own_prefix") && (name + ".").startsWith(rule.getAttribute("own_prefix") + ".")));
        } catch (SAXException e) {
            return true; // said by another check
        }
    }

    // ---- polkit

    private static List<String> actions(Element root) {
        List<String> flaws = new ArrayList<>();
        for (Element action : elements(root, "action")) {
            String id = action.getAttribute("id");
            String where = "has action '" + id + "'";
            if (!id.matches("[A-Za-z0-9.-]+")) {
                flaws.add(where + ", whose id is not of letters, digits, dots and hyphens");
            }
            for (String required : List.of("description", "message", "defaults")) {
                if (elements(action, required).isEmpty()) {
                    flaws.add(where + " without <" + required + ">; add it");
                }
            }
            for (String name : DEFAULTS) {
                for (Element answer : elements(action, name)) {
                    if (!ANSWERS.contains(answer.getTextContent().strip())) {
                        flaws.add(where + " with <" + name + ">" + answer.getTextContent().strip()
                                + "; expected no, yes, auth_self, auth_admin, auth_self_keep or auth_admin_keep");
                    }
                }
            }
        }
        return flaws;
    }

    private static List<String> allowed(Element root) {
        return elements(root, "action").stream()
                .filter(action -> Stream.of("allow_any", "allow_inactive")
                        .flatMap(name -> elements(action, name).stream())
                        .anyMatch(answer -> answer.getTextContent().strip().equals("yes")))
                .map(action -> "lets anybody do '" + action.getAttribute("id") + "' from anywhere without a password; expected auth_admin")
                .toList();
    }
}
