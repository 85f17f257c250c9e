using CalicoConsole.Integration.Tests;
using CalicoConsole.Integration.Tests.Api;
using CalicoConsole.Tests;

[assembly: AssemblyFixture(typeof(LabFixture))]

namespace CalicoConsole.Integration.Tests;

/// <summary>One lab for the whole test run, and one console on it.</summary>
public sealed class LabFixture : LabCluster, IAsyncLifetime
{
    private ConsoleProcess? _console;

    /// <summary>The console on this lab, one for all tests; a test that ends it starts its own.</summary>
    public async Task<ConsoleProcess> ConsoleAsync()
    {
        await RequireAsync();
        return _console ??= await ConsoleProcess.StartAsync(Settings);
    }

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_console is not null)
        {
            await _console.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}

/// <summary>The one lab has one state: classes that use it carry <c>[Collection(LabCollection.Name)]</c> and run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LabCollection
{
    public const string Name = "lab";
}
