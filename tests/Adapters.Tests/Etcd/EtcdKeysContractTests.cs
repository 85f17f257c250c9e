using CalicoConsole.Adapters.Etcd;
using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Etcd;

/// <summary>One etcd for a suite of tests that do not break it.</summary>
public sealed class SharedEtcd : IAsyncLifetime
{
    private EtcdServer? _server;
    private EtcdKeysClient? _keys;

    public IEtcdKeys Keys => _keys!;

    public string Endpoint => _server!.Endpoint;

    public async ValueTask InitializeAsync()
    {
        _server = await EtcdServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        _keys = new EtcdKeysClient(new EtcdOptions { Endpoints = [_server.Endpoint] }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _keys?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

/// <summary>The contract on a real etcd over HTTP.</summary>
[NeedsPrograms]
public sealed class EtcdKeysClientContractTests(SharedEtcd etcd) : EtcdKeysContract, IClassFixture<SharedEtcd>
{
    protected override IEtcdKeys Keys => etcd.Keys;
}

/// <summary>The contract on the store in memory.</summary>
public sealed class InMemoryEtcdKeysContractTests : EtcdKeysContract, IDisposable
{
    private readonly InMemoryEtcdKeys _keys = new(TimeProvider.System);

    protected override IEtcdKeys Keys => _keys;

    public void Dispose() => _keys.Dispose();
}
