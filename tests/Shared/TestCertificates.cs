using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CalicoConsole.Tests;

/// <summary>
/// A throw-away certificate authority with a server certificate for 127.0.0.1 and localhost and a client certificate, as PEM files
/// in a temporary directory.
/// </summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cc-tls-").FullName;

    public TestCertificates(string name = "test")
    {
        var from = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        using var caKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var caRequest = new CertificateRequest($"CN={name} CA", caKey, HashAlgorithmName.SHA256);
        caRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        caRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        caRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(caRequest.PublicKey, false));
        using var ca = caRequest.CreateSelfSigned(from, from.AddDays(1));
        File.WriteAllText(CaFile, ca.ExportCertificatePem());
        Issue(ca, "server", from);
        Issue(ca, "client", from);
    }

    public string CaFile => Path.Combine(_directory, "ca.pem");

    public string ServerCertificateFile => Path.Combine(_directory, "server.pem");

    public string ServerKeyFile => Path.Combine(_directory, "server-key.pem");

    public string ClientCertificateFile => Path.Combine(_directory, "client.pem");

    public string ClientKeyFile => Path.Combine(_directory, "client-key.pem");

    /// <summary>Makes a handler trust this authority and show the client certificate.</summary>
    public void Apply(SocketsHttpHandler handler) => handler.SslOptions = new SslClientAuthenticationOptions
    {
        ClientCertificates = [X509Certificate2.CreateFromPemFile(ClientCertificateFile, ClientKeyFile)],
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(CaFile) },
        },
    };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Issue(X509Certificate2 ca, string name, DateTimeOffset from)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, from, from.AddHours(23), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(_directory, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_directory, $"{name}-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
