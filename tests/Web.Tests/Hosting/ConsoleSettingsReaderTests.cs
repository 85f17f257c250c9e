using CalicoConsole.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace CalicoConsole.Web.Tests.Hosting;

public sealed class ConsoleSettingsReaderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cc-settings").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Etcd:Endpoints", "ftp://x", "Etcd:Endpoints")]
    [InlineData("Etcd:Endpoints", "http://user:secret@x:2379", "Etcd:Endpoints")]
    [InlineData("ETCD_ENDPOINTS", "10.0.0.1:2379", "ETCD_ENDPOINTS")]
    [InlineData("Etcd:Username", "root", "Etcd:Username")]
    [InlineData("Etcd:Nonsense", "1", "Etcd:Nonsense")]
    [InlineData("Cluster:CalicoctlConfig", "/nowhere/calicoctl.cfg", "Cluster:CalicoctlConfig")]
    [InlineData("Cluster:Kind", "production", "Cluster:Kind")]
    [InlineData("Docker:Hosts:0:Name", "docker01", "Docker:Hosts:0:Endpoint")]
    [InlineData("Docker:Hosts:0:Endpoint", "unix:///run/docker.sock", "Docker:Hosts:0:Name")]
    [InlineData("Docker:Hosts:0:Adress", "x", "Docker:Hosts:0:Adress")]
    [InlineData("ConnectionStrings:Console", "Nonsense=1", "ConnectionStrings:Console")]
    [InlineData("ConnectionStrings:Console", "Data Source=:memory:", "ConnectionStrings:Console")]
    [InlineData("ConnectionStrings:Console", "Data Source=/proc/nowhere/c.db", "ConnectionStrings:Console")]
    [InlineData("Auth:ApiToken", "with blank", "Auth:ApiToken")]
    [InlineData("Auth:ApiTokenFile", "/nowhere/token", "Auth:ApiTokenFile")]
    [InlineData("Proxy:Known", "proxy.example", "Proxy:Known")]
    [InlineData("Proxy:Known", "127.0.0.1, 192.0.2.1/40", "Proxy:Known")]
    [InlineData("PathBase", "calico", "PathBase")]
    [InlineData("PathBase", "//evil.example", "PathBase")]
    [InlineData("PathBase", "/a b", "PathBase")]
    [InlineData("Auth:AllowRemote", "perhaps", "Auth:AllowRemote")]
    [InlineData("urls", "http://0.0.0.0:5080", "Auth:AllowRemote")]
    [InlineData("urls", "http://*:5080", "Auth:AllowRemote")]
    [InlineData("urls", "http://127.0.0.1:5080;http://10.0.0.1:5080", "Auth:AllowRemote")]
    [InlineData("urls", "nonsense", "ASPNETCORE_URLS")]
    [InlineData("http_ports", "8080", "Auth:AllowRemote")]
    [InlineData("Kestrel:Endpoints:A:Url", "https://[::]:443", "Auth:AllowRemote")]
    public void Read_WrongSetting_IsNamed(string setting, string value, string named)
    {
        var e = Assert.Throws<SettingsException>(() => Read((setting, value)));
        Assert.Contains(e.Errors, error => error.Setting == named);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralWrong_ListsAll()
    {
        var e = Assert.Throws<SettingsException>(() => Read(
            ("Etcd:Endpoints", "ftp://x"), ("Etcd:ClientCertificateFile", "/nowhere/a.pem"), ("Docker:Hosts:0:Name", "a b"), ("Cluster:Kind", "x"),
                ("Auth:AllowRemote", "x")));
        Assert.Equal(
            ["Auth:AllowRemote", "Cluster:Kind", "Docker:Hosts:0:Endpoint", "Docker:Hosts:0:Name", "Etcd:ClientKeyFile", "Etcd:Endpoints"],
            e.Errors.Select(x => x.Setting).Order(StringComparer.Ordinal));
        Assert.All(e.Errors, error => Assert.Contains(error.Setting + ": ", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ProxyAndPath_AreRead()
    {
        var settings = Read(("Proxy:Known", "127.0.0.1, 2001:db8::/32 10.1.2.0/24"), ("PathBase", "/net/calico/"),
            ("Auth:ApiToken", "01234567890123456789012345678901"));
        Assert.Equal(["127.0.0.1/32", "2001:db8::/32", "10.1.2.0/24"], settings.KnownProxies.Select(n => n.ToString()));
        Assert.Equal("/net/calico", settings.PathBase);
        Assert.Equal("01234567890123456789012345678901", settings.ApiToken!.Reveal());
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("0123456789012345678901234567890", true)]
    [InlineData("01234567890123456789012345678901", false)]
    public void Read_ShortToken_IsNotAccepted(string token, bool tooShort)
    {
        var settings = Read(("Auth:ApiToken", token));
        Assert.Equal((tooShort, tooShort), (settings.ApiTokenTooShort, settings.ApiToken is null));
        Assert.False(Read().ApiTokenTooShort);
    }

    [Fact]
    public void Read_SandboxBehindAProxy_AsksForASignIn()
    {
        Assert.False(Read().RequiresSignIn);
        Assert.True(Read(("Proxy:Known", "127.0.0.1")).RequiresSignIn);
    }

    [Fact]
    public void Read_TokenTwice_IsRefused()
    {
        var file = Write("token", "abc");
        Assert.Throws<SettingsException>(() => Read(("Auth:ApiToken", "abc"), ("Auth:ApiTokenFile", file)));
    }

    [Fact]
    public void Read_HostNameTwice_IsRefused()
    {
        var e = Assert.Throws<SettingsException>(() => Read(
            ("Docker:Hosts:0:Name", "a"), ("Docker:Hosts:0:Endpoint", "tcp://a:2375"), ("Docker:Hosts:1:Name", "a"),
                ("Docker:Hosts:1:Endpoint", "tcp://b:2375")));
        Assert.Equal("Docker:Hosts:1:Name", Assert.Single(e.Errors).Setting);
    }

    [Fact]
    public void Read_Nothing_IsTheSandboxWithADatabaseInData()
    {
        var settings = Read();
        Assert.Equal(ConsoleMode.Sandbox, settings.Mode);
        Assert.Equal("sandbox", settings.ClusterKind);
        Assert.False(settings.RequiresSignIn);
        Assert.EndsWith("sandbox.db", settings.ConnectionString, StringComparison.Ordinal);
        Assert.Equal(Path.Combine(_root, "data"), settings.DataFolder);
        Assert.True(Directory.Exists(settings.DataFolder));
        Assert.True(settings.LoopbackOnly);
    }

    [Fact]
    public void Read_SandboxForOthersThanThisMachine_AsksForASignIn() =>
        Assert.True(Read(("urls", "http://0.0.0.0:5080"), ("Auth:AllowRemote", "true")) is { Mode: ConsoleMode.Sandbox, RequiresSignIn: true });

    [Theory]
    [InlineData("live")]
    [InlineData("lab")]
    public void Read_KindWithoutADatastore_IsRefused(string kind) =>
        Assert.Equal("Cluster:Kind", Assert.Single(Assert.Throws<SettingsException>(() => Read(("Cluster:Kind", kind))).Errors).Setting);

    [Fact]
    public void Read_Variables_AreTaken()
    {
        var settings = Read(("ETCD_ENDPOINTS", "http://a:2379, https://b:2379"), ("ETCD_USERNAME", "u"), ("ETCD_PASSWORD", "hidden"));
        Assert.Equal(["http://a:2379", "https://b:2379"], settings.Etcd!.Endpoints);
        Assert.Equal("hidden", settings.Etcd.Password!.Reveal());
        Assert.DoesNotContain("hidden", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SettingsAndVariables_AreNotMerged()
    {
        var settings = Read(("Etcd:Endpoints", "http://a:2379"), ("ETCD_ENDPOINTS", "http://b:2379"), ("ETCD_USERNAME", "u"), ("ETCD_PASSWORD", "p"));
        Assert.Equal("http://a:2379", Assert.Single(settings.Etcd!.Endpoints));
        Assert.Null(settings.Etcd.Username);
    }

    [Fact]
    public void Read_CalicoctlConfig_IsTaken()
    {
        var file = Write("calicoctl.cfg", """
            apiVersion: v1
            kind: calicoApiConfig
            metadata:
            spec:
              datastoreType: etcdv2
              etcdEndpoints: http://10.0.0.1:2379,http://10.0.0.2:2379
              etcdUsername: only-a-user
            """);
        var settings = Read(("Cluster:CalicoctlConfig", file));
        Assert.Equal(2, settings.Etcd!.Endpoints.Length);
        Assert.Null(settings.Etcd.Username);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: calicoApiConfig\nspec:\n  datastoreType: kubernetes", "datastoreType")]
    [InlineData("apiVersion: v1\nkind: calicoApiConfig\nspec:\n  etcdEndpoint: http://a:2379", "etcdEndpoint")]
    [InlineData("kind: other", "calicoApiConfig")]
    [InlineData("a: [", "line")]
    public void Read_WrongCalicoctlConfig_IsNamed(string text, string word)
    {
        var e = Assert.Throws<SettingsException>(() => Read(("Cluster:CalicoctlConfig", Write("calicoctl.cfg", text))));
        Assert.Contains(e.Errors, error => error.Setting.StartsWith("Cluster:CalicoctlConfig", StringComparison.Ordinal)
            && error.Reason.Contains(word, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_RemoteAllowed_IsTaken() =>
        Assert.False(Read(("urls", "http://0.0.0.0:80"), ("Auth:AllowRemote", "true")).LoopbackOnly);

    private ConsoleSettings Read(params (string Setting, string Value)[] settings) => ConsoleSettingsReader.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Setting, (string?)s.Value))).Build(), _root);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_root, name);
        File.WriteAllText(file, text);
        return file;
    }
}
