import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** Java's own PKIX on paths: a line `milliseconds anchor leaf issuer …` in Base64 each, a line `ok` or `no: why` back. */
public final class PathOpinion {
  public static void main(String[] args) throws Exception {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    StringBuilder out = new StringBuilder();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (!line.isEmpty()) out.append(judge(factory, line.split(" "))).append('\n');
    }
    System.out.print(out);
  }

  private static String judge(CertificateFactory factory, String[] parts) {
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      for (int i = 1; i < parts.length; i++) {
        byte[] der = Base64.getDecoder().decode(parts[i]);
        certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
      }
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificates.get(0), null)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(new Date(Long.parseLong(parts[0])));
      CertPath path = factory.generateCertPath(certificates.subList(1, certificates.size()));
      CertPathValidator.getInstance("PKIX").validate(path, parameters);
      return "ok";
    } catch (CertPathValidatorException e) {
      return "no: " + oneLine(e);
    } catch (Exception e) {
      return "no: " + oneLine(e);
    }
  }

  private static String oneLine(Exception e) {
    return e.getClass().getSimpleName() + " " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
  }
}
