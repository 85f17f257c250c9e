using System.Text.RegularExpressions;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Tests.Golden;

namespace CalicoConsole.Core.Tests.Manifests;

/// <summary>Every golden input as a manifest: read when calicoctl reads it, refused for the same reason when it does not.</summary>
public sealed class ManifestGoldenTests
{
    private static readonly string[] Sections = ["calicoctl", "multi", "errors", "misc", "docker", "ipam", "felix", "felix-reporting"];

    public static TheoryData<string> Inputs => [.. Steps().Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Read_GoldenInput_AcceptedOrRefusedAsCalicoctl(string name)
    {
        var step = Steps().Single(s => s.Name == name);
        var manifest = ManifestReader.Read(step.Input!);
        var errors = manifest.Items.SelectMany(i => i.Errors.Concat(i.Late)).ToList();
        var failure = Regex.Match(step.Stdout, "Failed to execute command: (.*)").Groups[1].Value;
        if (failure.Length == 0)
        {
            // What calicoctl finds only when it executes: the identity.
            var late = Regex.Match(step.Stdout, "insufficient identifiers, missing '\\w+'").Value;
            Assert.All(errors, e => Assert.Equal(late, e.Reason));
            Assert.Equal(late.Length > 0, errors.Count > 0);
            return;
        }

        var said = Regex.Match(failure, @"\Aerror with field (?<field>\S+) = '.*'(?: \((?<reason>.*)\))?\z");
        Assert.True(
            errors.Exists(e => said.Success
                ? SaidField.Is(said.Groups["field"].Value, e.Field) && (!said.Groups["reason"].Success || said.Groups["reason"].Value == e.Reason)
                : e.Reason == failure || $"error parsing document: {e.Reason}" == failure),
            $"{failure}\nours: {string.Join("; ", errors)}");
        Assert.All(errors, e => Assert.InRange(e.Line, 1, step.Input!.Split('\n').Length));
    }

    private static IEnumerable<GoldenStep> Steps() =>
        GoldenStep.Read(Sections)
            .Where(s => s.Input is not null && Regex.IsMatch(s.Command, @"\A(ns |su )?cc (create|apply|replace|delete|get) (--skip-exists )?-f"));
}
