using System.Diagnostics;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public void GoldenData_IsThere() => Assert.True(Directory.Exists(Repository.Golden("docker")));

    /// <summary>The composition needs images that cannot be pulled here; what can be checked is that docker-compose takes it and that it opens nothing to others.</summary>
    [Fact]
    public async Task Compose_IsAcceptedAndPublishesOnLoopbackOnly()
    {
        var start = new ProcessStartInfo("docker-compose", ["-f", Path.Combine(Repository.Root, "docker-compose.yml"), "config"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var compose = Process.Start(start)!;
        var output = compose.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await compose.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await compose.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(compose.ExitCode == 0, error);
        var text = await output;
        Assert.Contains("image: quay.io/coreos/etcd:v3.2.18", text, StringComparison.Ordinal);
        Assert.Contains("--cluster-store=etcd://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("2375", text, StringComparison.Ordinal);
        var ports = text.Split('\n').SkipWhile(line => line.Trim() != "ports:").Skip(1).TakeWhile(line => line.TrimStart().StartsWith("- ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("127.0.0.1:8080:8080/tcp", Assert.Single(ports).Trim(' ', '-'));
        Assert.Single(text.Split('\n'), line => line.Trim() == "ports:");
    }
}
