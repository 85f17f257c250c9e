using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>
/// Runs <c>nc</c> in a container and says how the connection ended. A refusal and silence are results, not failures;
/// it fails when the container has no nc, or nc could not try.
/// </summary>
/// <param name="hosts">The configured hosts.</param>
/// <param name="time">The clock of the bound.</param>
public sealed class ConnectExecutor(IDockerHosts hosts, TimeProvider time) : DockerExecutor(hosts)
{
    // nc bounds the connecting; what it may do before, such as asking for a name, is bounded here.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is ConnectTcp;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        var connect = (ConnectTcp)operation;
        var from = connect.Label ?? connect.Container;
        var to = string.Create(CultureInfo.InvariantCulture, $"{connect.Target} port {connect.Port}");
        run.Begin(run.Plan.Steps[0]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(connect.Seconds) + Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var (exitCode, words) = await ExecAsync(run, ContainerCommands.Connect(connect), either.Token).ConfigureAwait(false);
            if (exitCode != 0 && TcpAnswers.IsUnknownOption(words))
            {
                (exitCode, words) = await ExecAsync(run, ContainerCommands.ConnectSmall(connect), either.Token).ConfigureAwait(false);
            }

            foreach (var line in words.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                run.Line(line);
            }

            if (TcpAnswers.Read(exitCode, words) is not { } answer)
            {
                var code = exitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
                return run.Failed(words.Contains("executable file not found", StringComparison.Ordinal)
                    ? $"Container {from} has no program nc, which makes the connection: the image has none. "
                        + "Try from a container of an image with busybox, or ping."
                    : $"nc in {from} ended with exit code {code} and says nothing of the path: "
                        + $"{DockerAdvice.With(words.Split('\n').FirstOrDefault(w => w.Trim().Length > 0) ?? "no words")}");
            }

            run.Answer = new OperationAnswer.TcpProbe(answer);
            var sentence = answer switch
            {
                TcpAnswer.Connected => $"{to} accepted a connection from {from}.",
                TcpAnswer.Refused => $"{to} refused the connection from {from}: packets get through, nothing listens there.",
                // The bound of busybox covers the looking up of a name too.
                TcpAnswer.NoAnswer => string.Create(CultureInfo.InvariantCulture,
                    $"{to} did not answer {from} within {connect.Seconds} "
                        + $"s{(Ip.TryParse(connect.Target, out _) ? "" : ", or its name was not found in that time")}."),
                _ => throw new InvalidOperationException($"unknown answer {answer}"),
            };
            run.Done(sentence);
            return run.Succeeded(null, answer == TcpAnswer.Connected ? null : sentence);
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"run nc in {from}") with { LookAgainAfter = null };
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return run.Failed(string.Create(CultureInfo.InvariantCulture,
                $"nc in {from} did not end within {(TimeSpan.FromSeconds(connect.Seconds) + Grace).TotalSeconds:0} s."));
        }
    }

    private static async Task<(long? ExitCode, string Words)> ExecAsync(DockerRun run, ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        var words = new List<string>();
        long? exitCode = null;
        await foreach (var output in run.Host.ExecAsync(run.Docker.ContainerId!, command, cancellationToken).ConfigureAwait(false))
        {
            exitCode = output.ExitCode ?? exitCode;
            if (output.Line is { } line)
            {
                words.Add(line.Text);
            }
        }

        return (exitCode, string.Join('\n', words));
    }
}
