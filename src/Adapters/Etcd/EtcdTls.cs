using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>TLS settings of every connection to etcd, for the keys API and for gRPC alike.</summary>
internal static class EtcdTls
{
    public static SslClientAuthenticationOptions ClientOptions(EtcdOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        if (!string.IsNullOrEmpty(options.ClientCertificateFile))
        {
            tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile)];
        }

        if (!string.IsNullOrEmpty(options.CaCertificateFile))
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(options.CaCertificateFile);
            tls.CertificateChainPolicy = policy;
        }

        return tls;
    }

    /// <summary>A handler for HTTP/1.1 to etcd: never through a proxy, no cookies, no redirects.</summary>
    public static SocketsHttpHandler Handler(EtcdOptions options) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectLimit,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        SslOptions = ClientOptions(options),
    };
}
