using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Tests;

namespace CalicoConsole.Integration.Tests.Doctor;

/// <summary>
/// Faults made for real on the lab, and what a diagnosis names. A few of them by default; all with <c>DOCTOR_FAULTS=all</c>, which also writes
/// <c>docs/doctor-matrix.md</c>, or those of the codes in its value.
/// </summary>
[Collection(LabCollection.Name)]
public sealed class DoctorTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Variable = "DOCTOR_FAULTS";

    // One of each class: the endpoint itself, its host, the rules, between the hosts.
    private static readonly string[] Sample = ["mac-mismatch", "route-missing", "policy-denies", "ip-forward", "no-peers"];

    private static string? Asked => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } asked ? asked : null;

    // By default one that changes a container's network from a helper, and one that stops a service; the walk-through's own is played in a browser.
    private static IEnumerable<Scene> Scenes => AllScenes.InOrder.Where(s => Asked is { } asked
        ? asked is "all" or "scenes" || asked.Split(',').Contains("scene-" + s.Code) : s.Code is "inside-container" or "felix-down");

    private static IReadOnlyList<LabFault> Chosen => Asked switch
    {
        null => [.. Sample.Select(c => LabFaults.All.First(f => f.Code == c))],
        "all" => LabFaults.All,
        "scenes" => [],
        var codes => [.. LabFaults.All.Where(f => codes.Split(',').Contains(f.Code))],
    };

    [Fact]
    public async Task FaultOnTheLab_IsNamedFirst()
    {
        var api = (await lab.ConsoleAsync()).Api;
        var stage = new DoctorStage(lab, api);
        var rows = new List<(LabFault Fault, string Outcome, string Code, string Certainty, TimeSpan Took)>();
        try
        {
            await stage.BuildAsync();
            var (healthy, tookHealthy) = await stage.DiagnoseAsync("docker01/web", "docker02/far");
            Assert.Equal("works", healthy.GetProperty("outcome").GetString());
            Assert.Empty(healthy.GetProperty("alsoSeen").EnumerateArray());
            output.WriteLine($"healthy: {tookHealthy.TotalSeconds:0.0} s");
            foreach (var fault in Chosen)
            {
                rows.Add(await MakeAsync(stage, fault));
            }

            foreach (var scene in Scenes)
            {
                await PlayAsync(stage, scene);
            }
        }
        finally
        {
            // As the other tests have them.
            (await lab.LabAsync("timers", "calico")).Demand();
        }

        if (Asked == "all")
        {
            await File.WriteAllTextAsync(Path.Combine(Repository.Root, "docs", "doctor-matrix.md"), Matrix(rows), TestContext.Current.CancellationToken);
        }

        Assert.Empty(rows.Where(r => r.Code != r.Fault.Code || r.Outcome != r.Fault.Outcome)
            .Select(r => $"{r.Fault.Code} ({r.Fault.How}): {r.Outcome}, {r.Code}, {r.Certainty}"));
    }

    // What the console itself makes for presenters: it is named, and taken back.
    private async Task PlayAsync(DoctorStage stage, Scene scene)
    {
        var pair = new { from = "docker01/web", to = "docker02/far" };
        (await stage.Api.SendAsync(HttpMethod.Post, $"scenes/{scene.Code}/make", pair)).Demand(HttpStatusCode.OK);
        if (scene.BetweenHosts || scene.Code is "policy-denies")
        {
            // Felix and BIRD follow etcd in their own time.
            await stage.LostAsync("docker01", "web", DoctorStage.Far);
        }

        var (report, took) = await stage.DiagnoseAsync(pair.from, pair.to);
        (await stage.Api.SendAsync(HttpMethod.Post, $"scenes/{scene.Code}/take-back", pair)).Demand(HttpStatusCode.OK);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"scene {scene.Code}: {took.TotalSeconds:0.0} s: ")
            + report.GetProperty("headline").GetString());
        Assert.Equal(scene.Code, report.TryGetProperty("cause", out var cause) ? cause.GetProperty("code").GetString() : report.ToString());
        await stage.HealthyAsync();
    }

    private async Task<(LabFault Fault, string Outcome, string Code, string Certainty, TimeSpan Took)> MakeAsync(DoctorStage stage, LabFault fault)
    {
        var heal = await fault.Make(stage);
        JsonElement report;
        TimeSpan took;
        try
        {
            (report, took) = await stage.DiagnoseAsync(fault.From, fault.To, fault.Port);
        }
        finally
        {
            await heal();
        }

        var row = (fault, report.GetProperty("outcome").GetString()!, Named(report, fault), report.GetProperty("certainty").GetString()!, took);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{fault.Code} ({fault.How}): {row.Item2}, {row.Item3}, {row.Item4}, {took.TotalSeconds:0.0} s: ")
            + report.GetProperty("headline").GetString());
        if (fault.Ruins)
        {
            await stage.BuildAsync();
        }
        else
        {
            await stage.HealthyAsync();
        }

        return row;
    }

    // What hinders nothing that was tried is only seen.
    private static string Named(JsonElement report, LabFault fault) => fault.Outcome == "found"
        ? report.TryGetProperty("cause", out var cause) ? cause.GetProperty("code").GetString()! : "none"
        : report.GetProperty("alsoSeen").EnumerateArray().Select(c => c.GetProperty("code").GetString()!).FirstOrDefault() ?? "none";

    private static string Matrix(List<(LabFault Fault, string Outcome, string Code, string Certainty, TimeSpan Took)> rows)
    {
        var text = new StringBuilder("# Faults made on the lab and what was named\n\n");
        text.Append("Written by `DOCTOR_FAULTS=all dotnet test --project tests/Integration.Tests --filter-class '*DoctorTests'`. "
            + "Each fault was made on a real kernel, Docker 20.10 and etcd, by commands from outside, and taken back before the next.\n\n");
        text.Append("| fault made | how | named first | sure | right | took |\n|---|---|---|---|---|---|\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| `{row.Fault.Code}` | {row.Fault.How} | `{row.Code}` | {row.Certainty} | {(row.Code == row.Fault.Code ? "yes" : "**no**")} "
                + $"| {row.Took.TotalSeconds:0.0} s |\n");
        }

        var took = rows.Select(r => r.Took.TotalSeconds).Order().ToArray();
        text.Append(CultureInfo.InvariantCulture, $"\n{rows.Count(r => r.Code == r.Fault.Code)} of {rows.Count} right; wrong with certainty: "
            + $"{rows.Count(r => r.Code != r.Fault.Code && r.Certainty == "certain")}. Median {took[took.Length / 2]:0.0} s, longest {took[^1]:0.0} s.\n");
        return text.ToString();
    }
}
