using System.Formats.Tar;
using System.Text;
using CalicoConsole.Adapters.Execution.Docker;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Helpers;
using CalicoConsole.Sandbox;

namespace CalicoConsole.Adapters.Tests.Execution.Docker;

/// <summary>An archive is sent only when it is one, and holds the image of the name that was agreed to.</summary>
public sealed class HelperImageTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"cc-helper-{Guid.NewGuid():N}.tar");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("""[{"RepoTags":["somebody/else:1"]}]""", "holds somebody/else:1, and not calico-console/helper:1: nothing was sent")]
    [InlineData("""[{"RepoTags":null}]""", "holds no named image")]
    [InlineData("{", "cannot be read as an archive of images")]
    [InlineData(null, "holds no named image")]
    public async Task OtherArchive_IsNotSent(string? manifest, string said)
    {
        await using (var archive = new TarWriter(File.Create(_path)))
        {
            if (manifest is not null)
            {
                await archive.WriteEntryAsync(
                    new UstarTarEntry(TarEntryType.RegularFile, "manifest.json") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(manifest)) },
                    TestContext.Current.CancellationToken);
            }
        }

        var result = await LoadAsync(_path);
        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains(said, result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoArchive_IsSaid()
    {
        Assert.Contains("Helpers:ImageArchive", (await LoadAsync(null)).Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_path, new string('x', 2000), TestContext.Current.CancellationToken);
        Assert.Contains("cannot be read as an archive", (await LoadAsync(_path)).Message, StringComparison.Ordinal);
    }

    private static async Task<ExecutionResult> LoadAsync(string? archive)
    {
        var cluster = new SandboxCluster(TimeProvider.System);
        var operation = new LoadHelperImage(cluster.Hosts.All[0].Name, HelperImage.Usual);
        var planned = new PlannedOperation(new Plan(), []) { Docker = new PlannedDocker(operation.Host) };
        return await new LoadHelperExecutor(cluster.Hosts, new HelperImage(HelperImage.Usual, archive))
            .ExecuteAsync(operation, planned, new Progress<OperationProgress>(), TestContext.Current.CancellationToken);
    }
}
