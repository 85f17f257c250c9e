using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace CalicoConsole.Web.Areas.Manifests;

public sealed partial class ManifestRun
{
    private static readonly ImmutableArray<FormOption> Verbs =
    [
        new("apply", "Apply: create or replace"), new("create", "Create: refuse what exists"), new("replace", "Replace: refuse what does not exist"),
            new("delete", "Delete"),
    ];

    private ManifestVerb _verb = ManifestVerb.Apply;
    private string _text = "";
    private string? _file;
    private string? _fileProblem;
    private bool _goOn;
    private bool _even;
    private bool _rewritten;
    private string? _bad;
    private bool _agreed;
    private string[] _groups = [];
    private ApplyManifest? _operation;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<DocumentResult> _ran = [];

    /// <summary>The command, in the address.</summary>
    [Parameter]
    public string? Verb { get; set; }

    private (string Title, string Submit) Words => _verb switch
    {
        ManifestVerb.Create => ("Create from a manifest", "Create resources"),
        ManifestVerb.Replace => ("Replace from a manifest", "Replace resources"),
        ManifestVerb.Delete => ("Delete what a manifest names", "Delete resources"),
        _ => ("Apply a manifest", "Apply manifest"),
    };

    private string Help => _verb switch
    {
        ManifestVerb.Create => "Each resource must be new.",
        ManifestVerb.Replace => "Each resource must be there. The whole object is replaced, never merged.",
        ManifestVerb.Delete => "Each resource must be there. Only its identity counts.",
        _ => "The whole object is written, never merged; what the store has and no document can say is kept.",
    };

    protected override void OnParametersSet()
    {
        if (Enum.TryParse<ManifestVerb>(Verb, ignoreCase: true, out var verb) && Enum.IsDefined(verb) && verb != _verb)
        {
            _verb = verb;
            Make();
        }
        else if (_operation is null)
        {
            Make();
        }
    }

    private void TakeVerb(string word)
    {
        _verb = Enum.Parse<ManifestVerb>(word, ignoreCase: true);
        Make();
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("verb", _verb == ManifestVerb.Apply ? null : word), replace: true);
    }

    private void TakeText(string text, string? file)
    {
        (_text, _file, _fileProblem) = (text, file, null);
        Make();
    }

    private async Task TakeFileAsync(InputFileChangeEventArgs picked)
    {
        try
        {
            using var reader = new StreamReader(picked.File.OpenReadStream(ManifestReader.MaxLength));
            var text = await reader.ReadToEndAsync();
            TakeText(text, text.Length > ManifestText.MaxLength ? picked.File.Name : null);
        }
        catch (IOException e)
        {
            _fileProblem = $"{picked.File.Name} could not be read: {e.Message}";
        }
    }

    private void Make()
    {
        _ran = [];
        _operation = string.IsNullOrWhiteSpace(_text) ? null : new ApplyManifest(_verb, ManifestReader.Read(_text))
        {
            ContinueOnError = _goOn,
            EvenIfInUse = _even,
            EvenIfRewritten = _rewritten,
            EvenIfUnprogrammable = _agreed
        };
        _groups = _operation is null ? [] : [.. _operation.Manifest.Items.Select(i => i.Resource).OfType<Profile>().Select(p => p.Name)
            .Where(OpenStackView.IsSecurityGroup).Distinct(StringComparer.Ordinal)];
        _errors = _operation is null ? [new FieldError("manifest", "A manifest is needed: paste it, or drop a file")] : [];
        var bad = _operation is null || _verb == ManifestVerb.Delete ? null : RuleGuard.FirstOf(_operation.Manifest.Items.Select(i => i.Resource)
            .OfType<object>());
        if (bad != _bad)
        {
            // A word given for another rule is none for this one.
            (_bad, _agreed) = (bad, false);
        }

        if (_bad is not null && !_agreed)
        {
            _errors = [.. _errors, new FieldError(RuleGuard.Field, $"{_bad}. Fix the rule, or agree to it below the manifest")];
        }
    }

    private void OnFinished(OperationResult result) => _ran = result.Documents;

    private void Restore(Operation operation)
    {
        if (operation is ApplyManifest o)
        {
            (_verb, _goOn, _even, _rewritten) = (o.Verb, o.ContinueOnError, o.EvenIfInUse, o.EvenIfRewritten);
            TakeText(o.Manifest.Text, o.Manifest.Text.Length > ManifestText.MaxLength ? "The manifest" : null);
        }
    }
}
