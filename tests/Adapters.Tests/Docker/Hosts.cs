using CalicoConsole.Adapters.Docker;
using CalicoConsole.Tests;

namespace CalicoConsole.Adapters.Tests.Docker;

/// <summary>One engine with busybox for the tests that do not kill it.</summary>
public sealed class SharedEngine : IAsyncLifetime
{
    internal DockerEngine Engine { get; private set; } = null!;

    internal DockerHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // Nothing listens at the store: an engine needs it only for networks of global scope.
        Engine = await DockerEngine.StartAsync(new DockerEngineSettings { ClusterStore = "etcd://127.0.0.1:1" }, TestContext.Current.CancellationToken);
        Host = Hosts.At(Engine.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        Host?.Dispose();
        if (Engine is not null)
        {
            await Engine.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
[NeedsPrograms]
public sealed class EngineTests : ICollectionFixture<SharedEngine>
{
    public const string Name = "Docker engine";
}

internal static class Hosts
{
    public static DockerHost At(string endpoint, string? tlsDirectory = null, DockerLimits? limits = null) =>
        new DockerHostFactory(TimeProvider.System).Create(new DockerHostOptions
        {
            Name = "docker01",
            Endpoint = endpoint,
            TlsDirectory = tlsDirectory,
            Limits = limits ?? new DockerLimits(),
        });

    /// <summary>A name that no other test uses.</summary>
    public static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..(prefix.Length + 9)];
}
