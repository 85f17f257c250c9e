using System.Diagnostics;
using CalicoConsole.Adapters.Docker;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Tests.Docker;

[Collection(EngineTests.Name)]
public sealed class DockerOutputTests(SharedEngine shared)
{
    private readonly DockerHost _host = shared.Host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logs_WithoutTerminal_KeepTheStreamsApart()
    {
        var id = await RunAsync(interactive: false, "echo one; echo two >&2; printf 'grün\\nlast'");
        await _host.WaitAsync(id, Cancelled);

        var lines = await _host.LogsAsync(id, follow: false, tail: null, Cancelled).ToArrayAsync(Cancelled);

        Assert.Equal(["one", "grün", "last"], lines.Where(l => !l.IsError).Select(l => l.Text));
        Assert.Equal(["two"], lines.Where(l => l.IsError).Select(l => l.Text));
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Logs_WithTerminal_AreOneStream()
    {
        var id = await RunAsync(interactive: true, "echo one; echo two >&2");
        await _host.WaitAsync(id, Cancelled);

        var lines = await _host.LogsAsync(id, follow: false, tail: 1, Cancelled).ToArrayAsync(Cancelled);

        Assert.Equal([new DockerOutputLine(false, "two")], lines);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Logs_Followed_ComeAsWrittenAndEndWithTheContainer()
    {
        var id = await RunAsync(interactive: false, "echo first; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo second");
        var seen = new List<string>();

        await foreach (var line in _host.LogsAsync(id, follow: true, tail: null, Cancelled))
        {
            seen.Add(line.Text);
            if (line.Text == "first")
            {
                await _host.ExecAsync(id, ["touch", "/tmp/go"], Cancelled).ToArrayAsync(Cancelled);
            }
        }

        Assert.Equal(["first", "second"], seen);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Logs_LongLine_IsOneLineWithoutTheEnginesTimes(bool interactive)
    {
        var id = await RunAsync(interactive, "head -c 40000 /dev/zero | tr '\\0' x; echo; echo next");
        await _host.WaitAsync(id, Cancelled);

        var lines = await _host.LogsAsync(id, follow: false, tail: null, Cancelled).ToArrayAsync(Cancelled);

        Assert.Equal([new string('x', 40_000), "next"], lines.Select(l => l.Text));
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Logs_RotatedWhileFollowed_GiveEachLineOnceInOrderToTheEnd()
    {
        const int Lines = 30_000;
        var id = await CreateRotatedAsync($"while [ ! -e /tmp/go ]; do sleep 0.05; done; seq 1 {Lines}");
        var numbers = new List<int>();
        var reading = Task.Run(async () =>
        {
            await foreach (var line in _host.LogsAsync(id, follow: true, tail: null, Cancelled))
            {
                numbers.Add(int.Parse(line.Text, System.Globalization.CultureInfo.InvariantCulture));
            }
        }, Cancelled);
        await _host.ExecAsync(id, ["touch", "/tmp/go"], Cancelled).ToArrayAsync(Cancelled);
        await reading;

        Assert.Equal(numbers.Distinct().Count(), numbers.Count);
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(Lines, numbers[^1]);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unfinished_Line_IsGivenBeforeItEnds(bool interactive)
    {
        // Nothing tells when the engine has begun to hand over the output, and what came before is lost: so it is said again until it was heard.
        var id = await RunAsync(interactive, "while [ ! -e /tmp/on ]; do printf 'a\\nwaiting for'; sleep 0.05; done; echo ' it'");
        var seen = new List<string>();

        var begun = false;
        await foreach (var line in _host.UnfinishedAsync(id, Cancelled))
        {
            seen.Add(line.Text);
            if (!begun && line.Text == "waiting for")
            {
                begun = true;
                await _host.ExecAsync(id, ["touch", "/tmp/on"], Cancelled).ToArrayAsync(Cancelled);
            }
        }

        Assert.Contains("waiting for", seen);
        Assert.Equal("", seen[^1]);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Exec_Program_GivesLinesThenItsExitCode()
    {
        var id = await RunAsync(interactive: false, "sleep 600");

        var output = await _host.ExecAsync(id, ["sh", "-c", "echo out; echo err >&2; exit 7"], Cancelled).ToArrayAsync(Cancelled);
        var quoted = await _host.ExecAsync(id, ["echo", "a; b $HOME 'c'"], Cancelled).ToArrayAsync(Cancelled);

        Assert.Contains(new DockerExecOutput(new DockerOutputLine(false, "out"), null), output);
        Assert.Contains(new DockerExecOutput(new DockerOutputLine(true, "err"), null), output);
        Assert.Equal(new DockerExecOutput(null, 7), output[^1]);
        Assert.Equal(3, output.Length);
        Assert.Equal("a; b $HOME 'c'", quoted[0].Line!.Text);
        Assert.Equal(0, quoted[1].ExitCode);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Exec_ProgramMissing_EndsWithTheRuntimesWordsAndCode()
    {
        var id = await RunAsync(interactive: false, "sleep 600");

        var output = await _host.ExecAsync(id, ["no-such-program"], Cancelled).ToArrayAsync(Cancelled);

        Assert.Contains(output, o => o.Line?.Text.Contains("no-such-program", StringComparison.Ordinal) == true);
        Assert.True(output[^1].ExitCode is 126 or 127, $"exit code {output[^1].ExitCode}");
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Exec_Cancelled_EndsAtOnce()
    {
        var id = await RunAsync(interactive: false, "sleep 600");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var output in _host.ExecAsync(id, ["sh", "-c", "echo started; sleep 30"], stop.Token))
            {
                Assert.Equal("started", output.Line?.Text);
                await stop.CancelAsync();
            }
        });

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"took {clock.Elapsed}");
        await _host.RemoveAsync(id, true, Cancelled);
    }

    [Fact]
    public async Task Exec_ContainerNotRunning_IsRefusedInTheEnginesWords()
    {
        var id = await _host.CreateContainerAsync(new DockerContainerRequest(Hosts.Unique("c"), "busybox") { Command = ["true"], Network = "none" }, Cancelled);

        var refused = await Assert.ThrowsAsync<DockerHostException>(async () => await _host.ExecAsync(id, ["true"], Cancelled).ToArrayAsync(Cancelled));

        Assert.Equal(409, refused.Status);
        Assert.Equal($"Container {id} is not running", refused.Message);
        await _host.RemoveAsync(id, true, Cancelled);
    }

    // With log files of 100 KB: the console's own request has no options of a log driver.
    private async Task<string> CreateRotatedAsync(string script)
    {
        using var docker = Process.Start(new ProcessStartInfo(
            "docker", ["-H", shared.Engine.Endpoint, "run", "-d", "--net", "none", "--log-opt", "max-size=100k", "--log-opt", "max-file=2", "busybox", "sh",
                "-c", script])
        { RedirectStandardOutput = true })!;
        var id = (await docker.StandardOutput.ReadToEndAsync(Cancelled)).Trim();
        await docker.WaitForExitAsync(Cancelled);
        Assert.Equal(0, docker.ExitCode);
        return id;
    }

    private async Task<string> RunAsync(bool interactive, string script)
    {
        var id = await _host.CreateContainerAsync(
            new DockerContainerRequest(Hosts.Unique("out"), "busybox") { Command = ["sh", "-c", script], Network = "none", Interactive = interactive },
            Cancelled);
        await _host.StartAsync(id, Cancelled);
        return id;
    }
}
