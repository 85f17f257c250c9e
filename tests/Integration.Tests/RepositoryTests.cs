using System.Diagnostics;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests;

public sealed class RepositoryTests
{
    [Fact]
    public void GoldenData_IsThere() => Assert.True(Directory.Exists(Repository.Golden("docker")));

    /// <summary>
    /// The composition needs images that cannot be pulled here; what can be checked is that docker-compose takes it and that it opens nothing to others.
    /// </summary>
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
        var ports = text.Split('\n').SkipWhile(line => line.Trim() != "ports:").Skip(1)
            .TakeWhile(line => line.TrimStart().StartsWith("- ", StringComparison.Ordinal)).ToArray();
        Assert.Equal("127.0.0.1:8080:8080/tcp", Assert.Single(ports).Trim(' ', '-'));
        string[] lines = [.. text.Split('\n').Select(l => l.Trim())];
        Assert.Single(lines, line => line == "ports:");
        Assert.Equal(2, lines.Count(line => line == "image: docker:20.10-dind"));
        Assert.Equal(2, lines.Count(line => line.StartsWith("net.ipv6.conf.all.disable_ipv6: ", StringComparison.Ordinal)
            && line.Contains('1', StringComparison.Ordinal)));
        Assert.Equal(2, lines.Count(line => line.StartsWith("net.ipv4.conf.all.rp_filter: ", StringComparison.Ordinal)
            && line.Contains('1', StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(line => line == "healthcheck:"));
        Assert.Contains("DOCKER_TLS_CERTDIR: /certs", lines);
        // Every volume that holds something is named, so that it survives a new container.
        string[] volumes = ["etcd-data", "docker01-data", "docker01-certs", "docker02-data", "docker02-certs", "console-data"];
        Assert.All(volumes, volume => Assert.Contains($"{volume}: {{}}", lines));
    }
}
