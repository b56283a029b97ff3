package weir.launcher.cases;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import weir.launcher.cases.Cases.Result;

/** Results as the XML of JUnit's reports, which CI systems show: a suite for each file. */
final class JUnitReport {
    private static final double NANOS_PER_SECOND = 1e9;

    private JUnitReport() {}

    static void write(Path to, List<Result> results) throws IOException {
        Map<String, List<Result>> byFile = new LinkedHashMap<>();
        results.forEach(
                r -> byFile.computeIfAbsent(r.file(), file -> new ArrayList<>()).add(r));
        try (OutputStream out = Files.newOutputStream(to)) {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuites");
            for (Map.Entry<String, List<Result>> file : byFile.entrySet()) {
                suite(xml, file.getKey(), file.getValue());
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void suite(XMLStreamWriter xml, String file, List<Result> results) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        xml.writeAttribute("name", file);
        xml.writeAttribute("tests", Integer.toString(results.size()));
        xml.writeAttribute(
                "failures",
                Long.toString(results.stream().filter(r -> !r.text().isEmpty()).count()));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute(
                "time", seconds(results.stream().mapToLong(Result::nanos).sum()));
        for (Result result : results) {
            xml.writeStartElement("testcase");
            xml.writeAttribute("classname", file);
            xml.writeAttribute("name", result.name());
            xml.writeAttribute("time", seconds(result.nanos()));
            if (!result.text().isEmpty()) {
                xml.writeStartElement("failure");
                xml.writeAttribute("message", result.text().lines().findFirst().orElse(""));
                xml.writeCharacters(result.text());
                xml.writeEndElement();
            }
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / NANOS_PER_SECOND);
    }
}
