using CalicoConsole.Tests;

namespace CalicoConsole.E2E.Tests.WalkThrough;

/// <summary>
/// The lab (real etcd, two real Docker engines), the console over it, and one browser: for every class of <see cref="LabBrowsing"/>, one after the other.
/// </summary>
public sealed class LabBrowserFixture(SharedBrowser browser) : ConsoleFixture(browser)
{
    /// <summary>The lab. A test begins with its <see cref="LabCluster.ResetAsync"/> or <see cref="LabCluster.DeployAsync"/>.</summary>
    public LabCluster Lab { get; } = new();

    protected override async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        await Lab.StartAsync();
        // With calico/node's own timers a session that ended waits for a minute.
        (await Lab.LabAsync("timers", "quick")).Demand();
        return Lab.Settings;
    }

    protected override ValueTask EndAsync() => Lab.DisposeAsync();
}

/// <summary>
/// The classes that use the lab in a browser: <c>[Collection(LabBrowsing.Name)]</c>. It is up while they run, one after the other; every other class has a
/// console of its own and runs beside them.
/// </summary>
[CollectionDefinition(Name)]
public sealed class LabBrowsing : ICollectionFixture<LabBrowserFixture>
{
    public const string Name = "lab browsing";
}
