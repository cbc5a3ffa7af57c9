package javax.xml.bind;

import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;

/** Stands in for the class of this name, which newer Java no longer has: PDFBox parses numbers and dates of XMP with it. */
public final class DatatypeConverter {
    private DatatypeConverter() {}

    public static int parseInt(String text) {
        return Integer.parseInt(text.trim());
    }

    public static Calendar parseDateTime(String text) {
        return GregorianCalendar.from(OffsetDateTime.parse(text).toZonedDateTime());
    }
}
