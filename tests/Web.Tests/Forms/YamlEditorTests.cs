using System.Text.Json;
using Bunit;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Tests.Forms;

public sealed class YamlEditorTests : BunitContext
{
    private const string Module = "./bundles/yaml-editor.js";
    private static readonly RenderFragment Area = b => b.AddMarkupContent(0, "<textarea>kind: policy</textarea>");

    [Fact]
    public void Text_IsWrittenInTheEditor_WithOurSchema()
    {
        var module = JSInterop.SetupModule(Module);
        module.SetupModule("edit", _ => true);
        var page = Render<YamlEditor>(p => p.AddChildContent(Area));

        page.WaitForAssertion(() => Assert.Single(module.Invocations["edit"]));
        using var schema = JsonDocument.Parse((string)module.Invocations["edit"][0].Arguments[1]!);
        var members = schema.RootElement.GetProperty("kinds").GetProperty("ipPool").EnumerateArray().Select(m => m.GetProperty("name").GetString());
        Assert.Contains("metadata", members);
        Assert.Equal("text", schema.RootElement.GetProperty("document")[0].GetProperty("form").GetString());
        Assert.Empty(page.FindAll("[data-plain]"));
        Assert.Contains("Tab leaves the editor", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Editor_EndsWithItsField()
    {
        var module = JSInterop.SetupModule(Module);
        var editor = module.SetupModule("edit", _ => true);
        editor.SetupVoid("end").SetVoidResult();
        var page = Render<YamlEditor>(p => p.AddChildContent(Area));
        page.WaitForAssertion(() => Assert.Single(module.Invocations["edit"]));

        await page.InvokeAsync(async () => await page.Instance.DisposeAsync());
        Assert.Single(editor.Invocations["end"]);
    }

    [Fact]
    public void Editor_ThatCannotBeLoaded_LeavesThePlainTextAndSaysSo()
    {
        Services.AddSingleton<IJSRuntime, WithoutModules>();
        var page = Render<YamlEditor>(p => p.AddChildContent(Area));

        page.WaitForAssertion(() => Assert.Contains("this is a plain text", page.Find("[data-plain]").TextContent, StringComparison.Ordinal));
        Assert.Equal("kind: policy", page.Find("textarea").TextContent);
        Assert.DoesNotContain("Ctrl+Space", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_AreTheEditors_AHundredAtMost()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        var many = Enumerable.Range(1, 300).Select(i => new TextMark(i, 2, i == 1, "a < b"));
        var page = Render<YamlEditor>(p => p.AddChildContent(Area).Add(x => x.Marks, [.. many]));

        using var marks = JsonDocument.Parse(page.Find("[data-marks]").GetAttribute("data-marks")!);
        Assert.Equal(100, marks.RootElement.GetArrayLength());
        Assert.Equal("""{"line":1,"column":2,"error":true,"text":"a < b"}""", marks.RootElement[0].GetRawText());
        page.Render(p => p.Add(x => x.Marks, []));
        Assert.Null(page.Find(".yaml-editor").GetAttribute("data-marks"));
    }

    [Fact]
    public void Document_IsRead_AndStaysAPreThatCanBeCopied()
    {
        var module = JSInterop.SetupModule(Module);
        module.SetupModule("show", _ => true);
        var page = Render<CodeView>(p => p.Add(x => x.Title, "calicoctl document").Add(x => x.Text, "kind: node"));

        page.WaitForAssertion(() => Assert.Single(module.Invocations["show"]));
        Assert.Equal(("kind: node", "calicoctl document"), (page.Find("pre.code").TextContent, page.Find("pre.code").GetAttribute("aria-label")));
        Assert.DoesNotContain("Ctrl+Space", page.Markup, StringComparison.Ordinal);
    }

    /// <summary>A browser in which a module is imported that was not built.</summary>
    private sealed class WithoutModules : IJSRuntime
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) => identifier == "import"
            ? ValueTask.FromException<T>(new JSException("Failed to fetch dynamically imported module"))
            : throw new InvalidOperationException($"{identifier} is asked of a browser without modules");

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<T>(identifier, args);
    }
}
