import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.io.RandomAccessBufferedFileInputStream;
import org.apache.pdfbox.pdfparser.PDFParser;
import org.apache.pdfbox.pdfparser.PDFStreamParser;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotation;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceEntry;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Selector;

/**
 * What PDFBox (strict parser, no repair) and BouncyCastle say about PDFs: each line of standard input is `path` or
 * `path TAB password`, each line of standard output one JSON object.
 */
public final class PdfOpinion {
    private static final BouncyCastleProvider BC = new BouncyCastleProvider();

    private PdfOpinion() {}

    public static void main(String[] args) throws IOException {
        System.setProperty("java.awt.headless", "true");
        Security.addProvider(BC);
        for (String line : new String(System.in.readAllBytes(), "UTF-8").split("\n")) {
            if (!line.isEmpty()) System.out.println(Json.of(opinion(line.split("\t", 2))));
        }
    }

    private static Map<String, Object> opinion(String[] request) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("path", request[0]);
        try {
            byte[] bytes = Files.readAllBytes(new File(request[0]).toPath());
            PDFParser parser = new PDFParser(
                new RandomAccessBufferedFileInputStream(new File(request[0])), request.length > 1 ? request[1] : "");
            parser.setLenient(false);
            parser.parse();
            try (PDDocument document = parser.getPDDocument()) {
                readEverything(document);
                out.put("pages", document.getNumberOfPages());
                List<Object> signatures = new ArrayList<>();
                for (PDSignature signature : document.getSignatureDictionaries())
                    signatures.add(signature(signature, bytes));
                out.put("signatures", signatures);
                out.put("store", securityStore(document));
            }
        } catch (Throwable thrown) {
            out.put("error", thrown.toString());
        }
        return out;
    }

    /** Every object of the cross-reference sections, and every content stream as operators. */
    private static void readEverything(PDDocument document) throws IOException {
        for (COSObject object : document.getDocument().getObjects()) {
            if (object.getObject() instanceof COSStream stream) stream.getLength();
        }
        for (PDPage page : document.getPages()) {
            new PDFStreamParser(page).parse();
            for (PDAnnotation annotation : page.getAnnotations()) {
                PDAppearanceEntry normal = annotation.getAppearance() == null
                    ? null : annotation.getAppearance().getNormalAppearance();
                if (normal == null) continue;
                if (normal.isStream()) operators(normal.getAppearanceStream());
                else for (PDAppearanceStream each : normal.getSubDictionary().values()) operators(each);
            }
        }
    }

    private static void operators(PDAppearanceStream form) throws IOException {
        new PDFStreamParser(form).parse();
        if (form.getResources() == null) return;
        for (COSName font : form.getResources().getFontNames()) form.getResources().getFont(font).isEmbedded();
    }

    private static Map<String, Object> signature(PDSignature signature, byte[] file) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("subFilter", signature.getSubFilter());
        try {
            int[] range = signature.getByteRange();
            out.put("wholeFile", range.length == 4 && range[0] == 0 && range[2] + range[3] == file.length);
            byte[] content = signature.getSignedContent(file);
            byte[] contents = signature.getContents();
            ASN1Primitive cms = one(contents);
            if ("ETSI.RFC3161".equals(signature.getSubFilter())) {
                timestamp(out, new TimeStampToken(ContentInfo.getInstance(cms)), content);
            } else {
                cms(out, new CMSSignedData(new CMSProcessableByteArray(content), ContentInfo.getInstance(cms)));
                out.put("der", Arrays.equals(cms.getEncoded(ASN1Encoding.DER), Arrays.copyOf(contents, cms.getEncoded().length)));
            }
        } catch (Throwable thrown) {
            out.put("error", thrown.toString());
        }
        return out;
    }

    /** The one ASN.1 value of /Contents; what follows it may only be zeros. */
    private static ASN1Primitive one(byte[] contents) throws IOException {
        try (ASN1InputStream in = new ASN1InputStream(contents)) {
            ASN1Primitive value = in.readObject();
            for (int octet = in.read(); octet != -1; octet = in.read())
                if (octet != 0) throw new IOException("something else than zeros behind the CMS");
            return value;
        }
    }

    private static void cms(Map<String, Object> out, CMSSignedData data) throws Exception {
        if (data.getSignerInfos().size() != 1) throw new IOException("not one signer");
        SignerInformation signer = data.getSignerInfos().getSigners().iterator().next();
        @SuppressWarnings("unchecked")
        Selector<X509CertificateHolder> of = signer.getSID();
        X509CertificateHolder certificate = data.getCertificates().getMatches(of).iterator().next();
        out.put("valid", signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(certificate)));
        out.put("digest", signer.getDigestAlgOID());
        out.put("algorithm", signer.getEncryptionAlgOID());
        out.put("subject", certificate.getSubject().toString());
        out.put("signingTime", signer.getSignedAttributes().get(CMSAttributes.signingTime) != null);
        out.put("signingCertificateV2", namesCertificate(signer, certificate));
        List<Object> timestamps = new ArrayList<>();
        if (signer.getUnsignedAttributes() != null) {
            Attribute attribute = signer.getUnsignedAttributes().get(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken);
            if (attribute != null) {
                Map<String, Object> stamp = new LinkedHashMap<>();
                timestamp(stamp, new TimeStampToken(ContentInfo.getInstance(attribute.getAttrValues().getObjectAt(0))), signer.getSignature());
                timestamps.add(stamp);
            }
        }
        out.put("timestamps", timestamps);
    }

    private static boolean namesCertificate(SignerInformation signer, X509CertificateHolder certificate) throws Exception {
        Attribute attribute = signer.getSignedAttributes().get(PKCSObjectIdentifiers.id_aa_signingCertificateV2);
        if (attribute == null) return false;
        ESSCertIDv2 first = SigningCertificateV2.getInstance(attribute.getAttrValues().getObjectAt(0)).getCerts()[0];
        byte[] hash = MessageDigest.getInstance(first.getHashAlgorithm().getAlgorithm().getId(), BC).digest(certificate.getEncoded());
        return Arrays.equals(hash, first.getCertHash());
    }

    private static void timestamp(Map<String, Object> out, TimeStampToken token, byte[] stamped) throws Exception {
        @SuppressWarnings("unchecked")
        Selector<X509CertificateHolder> of = token.getSID();
        X509CertificateHolder authority = token.getCertificates().getMatches(of).iterator().next();
        boolean sound = true;
        try {
            token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(authority));
        } catch (Exception refused) {
            sound = false;
        }
        String algorithm = token.getTimeStampInfo().getMessageImprintAlgOID().getId();
        byte[] imprint = MessageDigest.getInstance(algorithm, BC).digest(stamped);
        out.put("valid", sound && Arrays.equals(imprint, token.getTimeStampInfo().getMessageImprintDigest()));
        out.put("time", token.getTimeStampInfo().getGenTime().toInstant().toString());
    }

    /** Counts of /DSS, each entry parsed; null without one. */
    private static Map<String, Object> securityStore(PDDocument document) throws Exception {
        COSDictionary store = document.getDocumentCatalog().getCOSObject().getCOSDictionary(COSName.getPDFName("DSS"));
        if (store == null) return null;
        CertificateFactory factory = CertificateFactory.getInstance("X.509", BC);
        Map<String, Object> out = new LinkedHashMap<>();
        int certificates = 0;
        for (byte[] each : streams(store, "Certs")) {
            if (!(factory.generateCertificate(new ByteArrayInputStream(each)) instanceof X509Certificate)) throw new IOException("certificate");
            certificates++;
        }
        int responses = 0;
        for (byte[] each : streams(store, "OCSPs")) {
            if (!(new OCSPResp(each).getResponseObject() instanceof BasicOCSPResp)) throw new IOException("OCSP response");
            responses++;
        }
        int lists = 0;
        for (byte[] each : streams(store, "CRLs")) {
            if (!(factory.generateCRL(new ByteArrayInputStream(each)) instanceof X509CRL)) throw new IOException("CRL");
            lists++;
        }
        out.put("certificates", certificates);
        out.put("responses", responses);
        out.put("lists", lists);
        return out;
    }

    private static List<byte[]> streams(COSDictionary store, String name) throws IOException {
        List<byte[]> found = new ArrayList<>();
        COSBase value = store.getDictionaryObject(COSName.getPDFName(name));
        if (!(value instanceof COSArray array)) return found;
        for (int i = 0; i < array.size(); i++)
            if (array.getObject(i) instanceof COSStream stream) found.add(stream.createInputStream().readAllBytes());
            else throw new IOException(name + " holds something else than a stream");
        return found;
    }
}
