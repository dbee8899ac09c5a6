package io.keysetsync.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * What an application gets along with a jar: what its pom has, neither optional nor for tests, and all that this needs.
 *
 * @param direct of the pom
 * @param needs what each artifact depends on
 */
record DependencyTree(Set<String> direct, Map<String, Set<String>> needs) {

    private static final String FOR_APPLICATIONS =
            "/*/*[name()='dependencies']/*[not(*[name()='optional' or name()='scope'])]/*[name()='%s']";

    /** Three characters of indentation a level; an artifact that Maven takes from elsewhere is in parentheses. */
    private static final Pattern LINE = Pattern.compile("([ |+\\\\-]+)\\(?([^: ]+:[^: ]+):.*");

    /**
     * Reads a project.
     *
     * @param tree what {@code mvn dependency:tree -Dverbose} writes: every path to an artifact, also those that optional
     *     dependencies, nearer to the root, hide from it
     */
    static DependencyTree of(Path pom, Path tree) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        List<String> groups = texts(document, FOR_APPLICATIONS.formatted("groupId"));
        List<String> artifacts = texts(document, FOR_APPLICATIONS.formatted("artifactId"));
        Set<String> direct = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            direct.add(groups.get(i) + ":" + artifacts.get(i));
        }
        Map<String, Set<String>> needs = new HashMap<>();
        List<String> path = new ArrayList<>();
        for (String line : Files.readAllLines(tree)) {
            Matcher artifact = LINE.matcher(line);
            if (artifact.matches()) {
                int depth = artifact.group(1).length() / 3;
                path.subList(depth - 1, path.size()).clear();
                if (depth > 1) {
                    needs.computeIfAbsent(path.get(depth - 2), key -> new HashSet<>())
                            .add(artifact.group(2));
                }
                path.add(artifact.group(2));
            }
        }
        return new DependencyTree(direct, needs);
    }

    private static List<String> texts(Document document, String path) throws Exception {
        NodeList nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }

    /** All that an application gets along with the jar. */
    Set<String> forcedOnApplications() {
        Set<String> forced = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(direct);
        while (!open.isEmpty()) {
            String next = open.pop();
            if (forced.add(next)) {
                open.addAll(needs.getOrDefault(next, Set.of()));
            }
        }
        return forced;
    }
}
