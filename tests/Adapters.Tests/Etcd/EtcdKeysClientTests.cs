using System.Diagnostics;
using System.Text;
using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Etcd;

/// <summary>What happens between the client and servers that fail, refuse or speak otherwise.</summary>
[NeedsPrograms]
public sealed class EtcdKeysClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_EndpointsDown_NamesEachAndItsFailure()
    {
        var first = $"http://127.0.0.1:{EtcdServer.FreePort()}";
        var second = $"http://127.0.0.1:{EtcdServer.FreePort()}";
        using var keys = Client(new EtcdOptions { Endpoints = [first, second] });
        var read = await Assert.ThrowsAsync<EtcdUnavailableException>(() => keys.GetAsync("/calico", false, true, Ct));
        var write = await Assert.ThrowsAsync<EtcdUnavailableException>(() => PutAsync(keys, "/calico/x", "1"));
        var wait = await Assert.ThrowsAsync<EtcdUnavailableException>(() => keys.WaitAsync("/calico", 5, null, null, Ct));
        Assert.All([read, write, wait], e =>
        {
            Assert.Contains(first, e.Message, StringComparison.Ordinal);
            Assert.Contains(second, e.Message, StringComparison.Ordinal);
            Assert.Contains("refused", e.Message, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("/calico", e.Message, StringComparison.Ordinal);
            Assert.False(e.MayHaveHappened);
        });
    }

    [Fact]
    public async Task AnyCall_OneEndpointDown_GoesToTheNextAndStaysThere()
    {
        await using var servers = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(new EtcdOptions { Endpoints = [$"http://127.0.0.1:{EtcdServer.FreePort()},{servers.Endpoint}"] });
        await PutAsync(keys, "/calico/x", "1");
        Assert.Equal("1", Text(await keys.GetAsync("/calico/x", false, true, Ct)));
    }

    [Fact]
    public async Task AnyCall_FirstOfThreeFrozen_CostsItsLimitOnce()
    {
        var servers = await EtcdServer.StartClusterAsync(3, Ct);
        try
        {
            var limit = TimeSpan.FromSeconds(4);
            var options = new EtcdOptions { Endpoints = [.. servers.Select(s => s.Endpoint)], RequestLimit = limit };
            using (var before = Client(options))
            {
                await PutAsync(before, "/calico/x", "1");
            }

            // One that has not called yet begins with the first; one that has may have gone on to another on a busy machine.
            using var keys = Client(options);
            await servers[0].FreezeAsync(Ct);

            // The write has left when the limit passes: it must not be sent a second time.
            var e = await Assert.ThrowsAsync<EtcdUnavailableException>(() => PutAsync(keys, "/calico/x", "2", EtcdCondition.Present));
            Assert.True(e.MayHaveHappened);
            Assert.Contains("may have happened", e.Message, StringComparison.Ordinal);
            var began = Stopwatch.GetTimestamp();
            Assert.Equal("1", Text(await keys.GetAsync("/calico/x", false, quorum: false, Ct)));
            Assert.True(Stopwatch.GetElapsedTime(began) < limit, "the frozen endpoint was asked again first");
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Wait_PollLimit_ReturnsNothingWithAnIndexToGoOnFrom()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(new EtcdOptions { Endpoints = [server.Endpoint], PollLimit = TimeSpan.FromMilliseconds(50) });
        var start = await PutAsync(keys, "/calico/x", "1");
        var later = await PutAsync(keys, "/elsewhere", "1");
        var nothing = Assert.IsType<EtcdWait.Nothing>(await keys.WaitAsync("/calico", start.Index + 1, start.ClusterId, null, Ct));
        Assert.Equal(later.Index, nothing.Index);
    }

    [Fact]
    public async Task Wait_PollLimitWithManyEventsElsewhere_StaysOpenAndLosesNothing()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        var options = new EtcdOptions { Endpoints = [server.Endpoint], PollLimit = TimeSpan.FromSeconds(2), ProbeInterval = TimeSpan.FromMilliseconds(200) };
        using var keys = Client(options);
        var start = await PutAsync(keys, "/calico/x", "1");
        var opened = new TaskCompletionSource();
        var began = Stopwatch.GetTimestamp();
        var wait = keys.WaitAsync("/calico", start.Index + 1, start.ClusterId, opened.SetResult, Ct);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            for (var n = 0; n < 140 && !wait.IsCompleted; n++)
            {
                await PutAsync(keys, $"/elsewhere/{i}", "x");
            }
        }));
        Assert.SkipWhen(Stopwatch.GetElapsedTime(began) > options.PollLimit, "this machine could not write 1120 keys within the poll's limit");
        await Assert.ThrowsAsync<TimeoutException>(() => wait.WaitAsync(options.PollLimit + TimeSpan.FromSeconds(1), Ct));
        await PutAsync(keys, "/calico/y", "2");
        Assert.Equal("/calico/y", Assert.IsType<EtcdWait.Changed>(await wait.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Answer.Node.Key);
    }

    [Fact]
    public async Task Wait_ServerStopsOrderly_EndsSoon()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        using var keys = Client(new EtcdOptions { Endpoints = [server.Endpoint] });
        var start = await PutAsync(keys, "/calico/x", "1");
        var opened = new TaskCompletionSource();
        var wait = keys.WaitAsync("/calico", start.Index + 1, start.ClusterId, opened.SetResult, Ct);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await server.StopAsync(Ct);
        try
        {
            Assert.IsType<EtcdWait.Nothing>(await wait.WaitAsync(TimeSpan.FromSeconds(10), Ct));
        }
        catch (EtcdUnavailableException e)
        {
            Assert.Contains(server.Endpoint, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Auth_EachWay_IsSaidReadably()
    {
        await using var server = await EtcdServer.StartAsync(cancellationToken: Ct);
        await server.EnableAuthAsync("root-secret", "console", "sécret:1", "/calico/*", Ct);
        var options = new EtcdOptions { Endpoints = [server.Endpoint], Username = "console", Password = "sécret:1" };
        using var right = Client(options);
        using var wrong = Client(options with { Password = "wrong" });
        using var none = Client(options with { Username = null, Password = null });

        var put = await PutAsync(right, "/calico/x", "1");
        foreach (var call in new Func<Task>[]
        {
            () => wrong.GetAsync("/calico", true, true, Ct),
            () => none.GetAsync("/calico", true, true, Ct),
            () => none.WaitAsync("/calico", put.Index + 1, null, null, Ct),
            () => PutAsync(right, "/elsewhere", "1"),
        })
        {
            var e = await Assert.ThrowsAsync<EtcdException>(call);
            Assert.Equal((EtcdException.Unauthorized, 401), (e.ErrorCode, e.HttpStatus));
            Assert.DoesNotContain("cret", e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tls_EachMistake_IsSaidReadably()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates("other");
        await using var tls = await EtcdServer.StartAsync(new EtcdServerSettings { Certificates = certificates, RequireClientCertificate = true }, Ct);
        await using var plain = await EtcdServer.StartAsync(cancellationToken: Ct);
        var right = new EtcdOptions
        {
            Endpoints = [tls.Endpoint],
            CaCertificateFile = certificates.CaFile,
            ClientCertificateFile = certificates.ClientCertificateFile,
            ClientKeyFile = certificates.ClientKeyFile,
        };
        using (var keys = Client(right))
        {
            await PutAsync(keys, "/calico/x", "1");
        }

        await SaysAsync(right with { CaCertificateFile = others.CaFile }, "Etcd:CaCertificateFile");
        await SaysAsync(right with { CaCertificateFile = null }, "Etcd:CaCertificateFile");
        await SaysAsync(right with { ClientCertificateFile = null, ClientKeyFile = null }, "Etcd:ClientCertificateFile");
        await SaysAsync(right with { ClientCertificateFile = others.ClientCertificateFile, ClientKeyFile = others.ClientKeyFile },
            "Etcd:ClientCertificateFile");
        await SaysAsync(right with { Endpoints = [plain.Endpoint.Replace("http:", "https:", StringComparison.Ordinal)] }, "http://");
        using var http = Client(new EtcdOptions { Endpoints = [tls.Endpoint.Replace("https:", "http:", StringComparison.Ordinal)] });

        // etcd answers 400 and closes; which of the two arrives first is not ours to say, but both must name HTTPS.
        var failure = await Record.ExceptionAsync(() => http.GetAsync("/calico", false, true, Ct));
        Assert.True(failure is EtcdException or EtcdUnavailableException, failure?.ToString());
        Assert.Contains("HTTPS", failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.1:2379", null)]
    [InlineData("http://10.0.0.1:2379, https://etcd.example:2379/", null)]
    [InlineData("", "Etcd:Endpoints: missing")]
    [InlineData("10.0.0.1:2379", "Etcd:Endpoints: '10.0.0.1:2379' is not an address")]
    [InlineData("etcd://10.0.0.1:2379", "Etcd:Endpoints: 'etcd://10.0.0.1:2379' is not an address")]
    [InlineData("http://10.0.0.1:2379/v2", "Etcd:Endpoints: 'http://10.0.0.1:2379/v2' must be scheme, host and port only")]
    [InlineData("http://u:secret@10.0.0.1:2379", "Etcd:Endpoints: the address of 10.0.0.1:2379 holds credentials")]
    public void Options_Endpoints_AreChecked(string endpoints, string? error)
    {
        var errors = new EtcdOptions { Endpoints = [endpoints] }.Validate();
        if (error is null)
        {
            Assert.Empty(errors);
        }
        else
        {
            Assert.StartsWith(error, Assert.Single(errors), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", errors[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_EveryError_IsListedBySetting()
    {
        var errors = new EtcdOptions
        {
            Username = "u",
            CaCertificateFile = "/nowhere/ca.pem",
            ClientKeyFile = "/nowhere/key.pem",
            PollLimit = TimeSpan.Zero,
        }.Validate();
        Assert.Equal(
            ["Etcd:Endpoints", "Etcd:Password", "Etcd:CaCertificateFile", "Etcd:ClientCertificateFile", "Etcd:PollLimit"],
            errors.Select(e => string.Join(':', e.Split(':')[..2])));
    }

    private static async Task SaysAsync(EtcdOptions options, string words)
    {
        using var keys = Client(options);
        var e = await Assert.ThrowsAsync<EtcdUnavailableException>(() => keys.GetAsync("/calico", false, true, Ct));
        Assert.True(e.Message.Contains("TLS", StringComparison.Ordinal), e.Message);
        Assert.True(e.Message.Contains(words, StringComparison.Ordinal), e.Message);
    }

    private static EtcdKeysClient Client(EtcdOptions options) => new(options, TimeProvider.System);

    private static Task<EtcdAnswer> PutAsync(EtcdKeysClient keys, string key, string value, EtcdCondition condition = default) =>
        keys.PutAsync(key, Encoding.UTF8.GetBytes(value), condition, null, Ct);

    private static string Text(EtcdAnswer answer) => Encoding.UTF8.GetString(answer.Node.Value.Span);
}
