import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.activation.FileDataSource;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** What PDFBox Preflight finds against PDF/A-1b: a path a line of standard input, one JSON object a line of output. */
public final class PdfaOpinion {
    /** Compiled along, for Preflight asks for them by name. */
    static final Class<?>[] STAND_INS = { javax.xml.bind.DatatypeConverter.class };

    private PdfaOpinion() {}

    public static void main(String[] args) throws IOException {
        for (String path : new String(System.in.readAllBytes(), "UTF-8").split("\n")) {
            if (path.isEmpty()) continue;
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("path", path);
            out.put("problems", problems(path));
            System.out.println(Json.of(out));
        }
    }

    private static List<Object> problems(String path) {
        List<Object> found = new ArrayList<>();
        try {
            PreflightParser parser = new PreflightParser(new FileDataSource(new File(path)));
            ValidationResult result;
            try {
                parser.parse();
                try (PreflightDocument document = parser.getPreflightDocument()) {
                    document.validate();
                    result = document.getResult();
                }
            } catch (SyntaxValidationException broken) {
                result = broken.getResult();
            }
            for (ValidationResult.ValidationError error : result.getErrorsList())
                found.add(error.getErrorCode() + " " + error.getDetails());
        } catch (Throwable thrown) {
            found.add(thrown.toString());
        }
        return found;
    }
}
