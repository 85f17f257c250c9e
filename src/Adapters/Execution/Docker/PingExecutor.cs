using System.Globalization;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

/// <summary>Runs ping in a container and counts the answers. No answer is a result, not a failure: <c>received</c> is 0.</summary>
/// <param name="hosts">The configured hosts.</param>
public sealed class PingExecutor(IDockerHosts hosts) : DockerExecutor(hosts)
{
    /// <inheritdoc/>
    public override bool Handles(Operation operation) => operation is Ping;

    private protected override async Task<ExecutionResult> RunAsync(Operation operation, DockerRun run, CancellationToken cancellationToken)
    {
        var ping = (Ping)operation;
        run.Begin(run.Plan.Steps[0]);
        (int Sent, int Received)? summary = null;
        long? exitCode = null;
        var said = "";
        try
        {
            await foreach (var output in run.Host.ExecAsync(run.Docker.ContainerId!, ContainerCommands.Ping(ping), cancellationToken).ConfigureAwait(false))
            {
                exitCode = output.ExitCode ?? exitCode;
                if (output.Line is { } line)
                {
                    run.Line(line.Text);
                    said = line.Text.Trim().Length > 0 ? line.Text : said;
                    summary = PingSummary.Read(line.Text) ?? summary;
                }
            }
        }
        catch (DockerHostException e)
        {
            return run.Failed(e, $"run ping in {ping.Label ?? ping.Container}") with { LookAgainAfter = null };
        }

        if (summary is not { } counted)
        {
            return run.Failed(
                $"ping in {ping.Label ?? ping.Container} ended with exit code {exitCode?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} and no count: "
                + $"{DockerAdvice.With(said)}");
        }

        run.Answer = new OperationAnswer.PingCount(counted.Sent, counted.Received);
        run.Done($"{counted.Received} of {counted.Sent} answered");
        return run.Succeeded(null, counted.Received == 0 ? $"{ping.Target} did not answer {ping.Label ?? ping.Container}: {counted.Sent} sent, none received."
            : null);
    }
}
