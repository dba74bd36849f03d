"""Chinese names and terms are found by their sound."""

import subprocess
import sys

import pytest

from mdt.people.pinyin import keys, keys_of_name


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王医生", "wang wangyisheng wys"),
        ("单雄信", "danxiongxin shanxiongxin sxx"),
        ("曾国藩", "cengguofan zengguofan zgf"),
        ("仇英", "chouying qiuying qy"),
        ("解缙", "jiejin xiejin xj"),
        ("区桂芝", "quguizhi ouguizhi ogz"),
        ("查良镛", "chaliangyong zhaliangyong zly"),
        ("朴树", "pushu piaoshu"),
        ("吕布", "lvbu lyubu lb"),
        ("胃癌", "weiai wa"),
    ],
)
def test_every_reading_of_the_first_character_and_the_initials_find_it(name, typed):
    found = keys(name)
    assert [word for word in typed.split() if not any(key.startswith(word) for key in found.split())] == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("马德海", "madehai mdh madh"),
        ("Ma Dehai", "madehai mdh madh"),
        ("Ma De-hai", "madehai mdh madh"),
        ("Lin Mei Hua", "linmeihua lmh linmh"),
        ("Lü Xian", "lüxian"),
        ("Wang Xi'an", "wangxian wxa"),
        ("Wang Xian", "wangxian wx wangxa"),
        ("Zhang Er", "zhanger ze"),
    ],
)
def test_a_name_is_found_by_surname_and_initials_also_where_it_is_stored_in_latin_letters(name, typed):
    found = keys_of_name(name.replace("ü", "v")).split()
    wanted = typed.replace("ü", "v").split()
    assert [word for word in wanted if not any(key.startswith(word) for key in found)] == []


@pytest.mark.parametrize("name", ["John Smith", "Madehai", "", "Case 12", "Ma Dehai of the second ward"])
def test_a_name_that_is_no_pinyin_has_no_keys(name):
    assert keys_of_name(name) == ""


def test_other_text_has_no_keys_and_a_long_one_few():
    assert keys("Lin Meihua, 35 mm") == ""
    assert len(keys("单曾仇解区查朴乐").split()) <= 12
    assert len(keys("这是写在姓名栏里的一整句话而不是姓名" * 6)) <= 200


def test_the_tables_are_loaded_when_the_first_chinese_text_comes_and_without_phrases():
    code = (
        "import sys; from mdt.people.pinyin import keys; keys('Lin'); assert 'pypinyin' not in sys.modules; "
        "keys('王'); assert 'pypinyin' in sys.modules; assert 'pypinyin.phrases_dict' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
